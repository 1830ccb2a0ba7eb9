import {
  each,
  invalidValue,
  isHttpHeader,
  isPortName,
  isPortNumber,
  notAllowed,
  notNegative,
  required,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import type { Lifecycle, LifecycleHandler, Probe } from './types.ts'

type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<LifecycleHandler, 'sleep'>

/** What is wrong with a probe. */
// upstream: pkg/apis/core/validation/validation.go validateProbe
export function probeErrors(
  errors: FieldError[],
  path: string,
  probe: Probe,
  role: 'liveness' | 'readiness' | 'startup',
): void {
  handlerErrors(errors, path, probe as Handler, undefined)
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const)
    if (probe[field] !== undefined && probe[field] < 0) errors.push(...notNegative(`${path}.${field}`, probe[field]))
  const grace = probe.terminationGracePeriodSeconds
  if (grace !== undefined && grace <= 0)
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'))
  if (role === 'readiness') {
    if (grace !== undefined)
      errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'))
  } else if (probe.successThreshold !== 1)
    errors.push(invalidValue(`${path}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'))
}

/** What is wrong with a container's hooks. */
export function lifecycleErrors(
  errors: FieldError[],
  path: string,
  { postStart, preStop }: Lifecycle,
  graceSeconds: number | undefined,
): void {
  if (postStart !== undefined) handlerErrors(errors, `${path}.postStart`, postStart as Handler, graceSeconds)
  if (preStop !== undefined) handlerErrors(errors, `${path}.preStop`, preStop as Handler, graceSeconds)
}

function handlerErrors(errors: FieldError[], path: string, handler: Handler, graceSeconds: number | undefined): void {
  let count = 0
  for (const kind of ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const) {
    if (handler[kind] === undefined) continue
    if (count++ > 0) errors.push(notAllowed(`${path}.${kind}`, 'may not specify more than 1 handler type'))
    else actionErrors(errors, `${path}.${kind}`, handler, kind, graceSeconds)
  }
  if (count === 0) errors.push(required(path, 'must specify a handler type'))
}

function actionErrors(
  errors: FieldError[],
  path: string,
  handler: Handler,
  kind: 'exec' | 'httpGet' | 'tcpSocket' | 'grpc' | 'sleep',
  graceSeconds: number | undefined,
): void {
  if (kind === 'exec' && !handler.exec!.command?.length) errors.push(required(`${path}.command`))
  if (kind === 'httpGet') httpErrors(errors, path, handler.httpGet!)
  if (kind === 'tcpSocket') errors.push(...portErrors(`${path}.port`, handler.tcpSocket!.port))
  if (kind === 'grpc') errors.push(...portErrors(`${path}.port`, handler.grpc!.port))
  if (kind !== 'sleep') return
  const { seconds } = handler.sleep!
  if (graceSeconds !== undefined && (seconds < 0 || seconds > graceSeconds))
    errors.push(
      invalidValue(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`),
    )
}

const schemes = ['HTTP', 'HTTPS']

function httpErrors(errors: FieldError[], path: string, get: NonNullable<Handler['httpGet']>): void {
  if (!get.path) errors.push(required(`${path}.path`))
  errors.push(...portErrors(`${path}.port`, get.port))
  if (!schemes.includes(get.scheme ?? '')) errors.push(unsupported(`${path}.scheme`, get.scheme, schemes))
  for (const { name } of get.httpHeaders ?? []) errors.push(...each(`${path}.httpHeaders`, name, isHttpHeader(name)))
}

/** A port by number or by name. */
export function portErrors(path: string, port: unknown): readonly FieldError[] {
  if (typeof port === 'string') return each(path, port, isPortName(port))
  const number = (port as number | undefined) ?? 0
  return each(path, number, isPortNumber(number))
}
