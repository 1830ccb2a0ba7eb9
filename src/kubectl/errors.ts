import { ApiError, type Status } from './engine.ts'

/** Whatever ends a command with a message of kubectl's own; `error: ` is put before it when it is printed. */
export class CommandError extends Error {
  override name = 'CommandError'
  readonly code: number
  constructor(message: string, code = 1) {
    super(message)
    this.code = code
  }
}

/** A message that is printed as it is. */
export class StandardError extends CommandError {
  override name = 'StandardError'
}

/** A command line that makes no sense: the message, and where to read how it is meant. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Ends a command with an exit code and no further word. */
export class Exit extends Error {
  override name = 'Exit'
  readonly code: number
  constructor(code: number) {
    super('')
    this.code = code
  }
}

/** Several failures of one command, each printed on its own line. */
export class Failures extends Error {
  override name = 'Failures'
  readonly errors: readonly Error[]
  constructor(errors: readonly Error[]) {
    super(errors.map((error) => error.message).join(', '))
    this.errors = errors
  }
}

/** Throws what was gathered: nothing, the only failure as it is, or all of them together. */
export function throwAll(errors: readonly Error[]): void {
  if (errors.length === 1) throw errors[0]!
  if (errors.length > 1) throw new Failures(errors)
}

/** Runs `each` over all items, gathering the failures that kubectl may print; a bug goes through. */
export function gather<T>(items: readonly T[], each: (item: T) => void): Error[] {
  const errors: Error[] = []
  for (const item of items) {
    try {
      each(item)
    } catch (error) {
      errors.push(knownOrThrow(error))
    }
  }
  return errors
}

/** A failure that kubectl prints; anything else is a bug and is thrown on. */
export function knownOrThrow(error: unknown): Error {
  const isKnown =
    error instanceof ApiError ||
    error instanceof CommandError ||
    error instanceof UsageError ||
    error instanceof Failures ||
    error instanceof Exit
  if (!isKnown) throw error
  return error
}

/** An API refusal with words before its message; its reason, code and causes stay. */
export function withMessage(error: ApiError, message: string): ApiError {
  return new ApiError({ ...error.status, message })
}

/** `error when creating "web.yaml": …` */
// upstream: kubectl/pkg/cmd/util/helpers.go AddSourceToErr
export function withSource(error: unknown, doing: string, source: string | undefined): Error {
  const known = knownOrThrow(error)
  if (source === undefined) return known
  const message = `error when ${doing} "${source}": ${known.message}`
  return known instanceof ApiError ? withMessage(known, message) : new CommandError(message)
}

/** What a failure prints on standard error, and the exit code it ends with. */
// upstream: kubectl/pkg/cmd/util/helpers.go checkErr
export function reportOf(error: Error, server: string): { readonly text: string; readonly code: number } {
  if (error instanceof Exit) return { text: '', code: error.code }
  if (error instanceof Failures) {
    return { text: error.errors.map((one) => `${standardMessage(one, server) ?? one.message}\n`).join(''), code: 1 }
  }
  if (error instanceof ApiError && error.reason === 'Invalid') return { text: invalidText(error.status), code: 1 }
  const code = error instanceof CommandError ? error.code : 1
  const text =
    standardMessage(error, server) ?? (error.message.startsWith('error: ') ? error.message : `error: ${error.message}`)
  return { text: text.endsWith('\n') ? text : `${text}\n`, code }
}

function standardMessage(error: Error, server: string): string | undefined {
  if (error instanceof StandardError) return error.message
  if (!(error instanceof ApiError)) return undefined
  if (error.code === 503)
    return `The connection to the server ${server} was refused - did you specify the right host or port?`
  if (error.reason === 'Unauthorized') return `error: You must be logged in to the server (${error.message})`
  return error.reason === ''
    ? `Error from server: ${error.message}`
    : `Error from server (${error.reason}): ${error.message}`
}

function invalidText({ details, message = '' }: Status): string {
  if (details === undefined) return `The request is invalid${message === '' ? '' : `: ${message}`}\n`
  const { kind = '', name = '', causes = [] } = details
  const isNamed = kind !== '' || name !== ''
  const head = isNamed ? `The ${kind} "${name}" is invalid` : 'The request is invalid'
  if (causes.length === 0) return `${head}${isNamed || message === '' ? '' : `: ${message}`}\n`
  const texts = [...new Set(causes.map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`))]
  return texts.length === 1 ? `${head}: ${texts[0]}\n` : `${head}: \n${texts.map((text) => `* ${text}\n`).join('')}`
}
