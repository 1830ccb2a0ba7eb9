/** Why a command ends without doing its work. */
export class EtcdctlError extends Error {
  override name = 'EtcdctlError'
  readonly code: number

  constructor(message: string, code: number = exitCodes.error) {
    super(message)
    this.code = code
  }
}

/** upstream: pkg/cobrautl/error.go */
export const exitCodes = Object.freeze({ error: 1, badConnection: 2, invalidInput: 3, badFeature: 4, badArgs: 128 })

/** A command line that lacks something, or has too much. */
export const badArgs = (message: string): EtcdctlError => new EtcdctlError(message, exitCodes.badArgs)

/** What the real etcdctl does and this one does not. */
export class NotSimulatedError extends EtcdctlError {
  override name = 'NotSimulatedError'
}

/** Says so. */
export const notSimulated = (what: string, code?: number): EtcdctlError =>
  new NotSimulatedError(`${what} is not simulated`, code)
