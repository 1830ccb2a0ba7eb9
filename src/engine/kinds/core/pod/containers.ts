import {
  duplicate,
  each,
  invalidValue,
  isLabel,
  isPortName,
  isPortNumber,
  missing,
  notAllowed,
  required,
  tooMany,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import { envErrors, envFromErrors } from './env.ts'
import { deviceErrors, mountErrors } from './mounts.ts'
import { lifecycleErrors, probeErrors } from './probes.ts'
import { resizePolicyErrors, resourceErrors } from './resources.ts'
import { securityErrors } from './security.ts'
import { isSidecar, type Container, type ContainerPort, type PodSpec, type Volume } from './types.ts'

type Known = ReadonlyMap<string, Volume>

const pullPolicies = ['Always', 'IfNotPresent', 'Never']
const messagePolicies = ['File', 'FallbackToLogsOnError']
const protocols = ['SCTP', 'TCP', 'UDP']
const ruleless = 'must specify restartPolicy when restart rules are used'
const containerRestartPolicies = ['Always', 'Never', 'OnFailure']

/** What is wrong with a pod's containers. */
// upstream: pkg/apis/core/validation/validation.go validateContainers
export function containerErrors(
  errors: FieldError[],
  path: string,
  spec: PodSpec,
  known: Known,
  graceSeconds: number | undefined,
): void {
  const { containers } = spec
  if (containers === undefined || containers.length === 0) return void errors.push(required(`${path}.containers`))
  const names = containers.length > 1 ? new Set<string>() : undefined // most pods have one
  for (let index = 0; index < containers.length; index++) {
    const container = containers[index]!
    const at = `${path}.containers[${index}]`
    commonErrors(errors, at, container, spec, known)
    if (names?.has(container.name)) errors.push(duplicate(`${at}.name`, container.name))
    names?.add(container.name)
    hookErrors(errors, at, container, graceSeconds)
    restartErrors(errors, at, container)
  }
  hostPortConflicts(errors, `${path}.containers`, containers)
}

/** What is wrong with a pod's init containers. */
export function initContainerErrors(
  errors: FieldError[],
  path: string,
  spec: PodSpec,
  known: Known,
  graceSeconds: number | undefined,
): void {
  const names = new Set((spec.containers ?? []).map(({ name }) => name))
  spec.initContainers!.forEach((container, index) => {
    const at = `${path}.initContainers[${index}]`
    commonErrors(errors, at, container, spec, known)
    firstRestartErrors(errors, at, container)
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name))
    else if (container.name) names.add(container.name)
    hostPortConflicts(errors, `${path}.initContainers`, [container])
    if (isSidecar(container)) return void hookErrors(errors, at, container, graceSeconds)
    noHooks(errors, at, container, 'may not be set for init containers without restartPolicy=Always')
    container.resizePolicy?.forEach(({ restartPolicy }, place) => {
      if (restartPolicy === 'RestartContainer')
        errors.push(
          invalidValue(
            `${at}.resizePolicy[${place}].restartPolicy`,
            restartPolicy,
            "must not be set to 'RestartContainer' for non-sidecar initContainers",
          ),
        )
    })
  })
}

/** Rules of an init container are not looked at while they have no policy to be exceptions from. */
function firstRestartErrors(errors: FieldError[], path: string, container: Container): void {
  if (container.restartPolicy === undefined && container.restartPolicyRules?.length)
    errors.push(required(`${path}.restartPolicy`, ruleless))
  else restartErrors(errors, path, container)
}

/** What is wrong with a pod's ephemeral containers. */
export function ephemeralErrors(errors: FieldError[], path: string, spec: PodSpec, known: Known): void {
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name))
  const names = new Set(others)
  spec.ephemeralContainers!.forEach((ephemeral, index) => {
    const at = `${path}.ephemeralContainers[${index}]`
    const container = ephemeral as Container
    commonErrors(errors, at, container, spec, known)
    paddedImage(errors, at, container)
    if (names.has(ephemeral.name)) errors.push(duplicate(`${at}.name`, ephemeral.name))
    names.add(ephemeral.name)
    const { targetContainerName } = ephemeral
    if (targetContainerName && !others.has(targetContainerName))
      errors.push(missing(`${at}.targetContainerName`, targetContainerName))
    for (const field of notForEphemeral)
      if (isSet(container, field)) errors.push(notAllowed(`${at}.${field}`, 'cannot be set for an Ephemeral Container'))
    container.volumeMounts?.forEach(({ subPath, subPathExpr }, place) => {
      const text = 'cannot be set for an Ephemeral Container'
      if (subPath) errors.push(notAllowed(`${at}.volumeMounts[${place}].subPath`, text))
      if (subPathExpr) errors.push(notAllowed(`${at}.volumeMounts[${place}].subPathExpr`, text))
    })
  })
}

/** Fields of a container that would make others count on an ephemeral one, in the order of Go's struct. */
const notForEphemeral = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const

/** Go's resources are a struct, of which something has to be set; the others are there or not. */
function isSet(container: Container, field: (typeof notForEphemeral)[number]): boolean {
  if (field !== 'resources') return container[field] !== undefined
  for (const _ in container.resources) return true
  return false
}

/** What is wrong with an image's name in a pod; a template may still have spaces around it. */
export function paddedImage(errors: FieldError[], path: string, { image = '' }: Container): void {
  if (image.trim() !== image)
    errors.push(invalidValue(`${path}.image`, image, 'must not have leading or trailing whitespace'))
}

function commonErrors(errors: FieldError[], path: string, container: Container, spec: PodSpec, known: Known): void {
  const { name, image, terminationMessagePolicy: message, imagePullPolicy: pull } = container
  if (!name) errors.push(required(`${path}.name`))
  else {
    const bad = isLabel(name)
    if (bad.length > 0) errors.push(...each(`${path}.name`, name, bad))
  }
  if (!image) errors.push(required(`${path}.image`))
  if (!message) errors.push(required(`${path}.terminationMessagePolicy`))
  else if (!messagePolicies.includes(message))
    errors.push(unsupported(`${path}.terminationMessagePolicy`, message, messagePolicies))
  if (container.ports !== undefined) portErrors(errors, `${path}.ports`, container.ports)
  if (container.env !== undefined) envErrors(errors, `${path}.env`, container.env)
  if (container.envFrom !== undefined) envFromErrors(errors, `${path}.envFrom`, container.envFrom)
  if (container.volumeMounts !== undefined) mountErrors(errors, `${path}.volumeMounts`, container, known)
  if (container.volumeDevices !== undefined) deviceErrors(errors, `${path}.volumeDevices`, container, known)
  if (!pull) errors.push(required(`${path}.imagePullPolicy`))
  else if (!pullPolicies.includes(pull)) errors.push(unsupported(`${path}.imagePullPolicy`, pull, pullPolicies))
  if (container.resources !== undefined)
    resourceErrors(errors, `${path}.resources`, container.resources, spec.resourceClaims)
  if (container.resizePolicy !== undefined)
    resizePolicyErrors(errors, `${path}.resizePolicy`, container.resizePolicy, spec.restartPolicy)
  if (container.securityContext !== undefined)
    securityErrors(errors, `${path}.securityContext`, container.securityContext, spec)
}

function hookErrors(errors: FieldError[], path: string, container: Container, graceSeconds: number | undefined): void {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container
  if (lifecycle !== undefined) lifecycleErrors(errors, `${path}.lifecycle`, lifecycle, graceSeconds)
  if (livenessProbe !== undefined) probeErrors(errors, `${path}.livenessProbe`, livenessProbe, 'liveness')
  if (readinessProbe !== undefined) probeErrors(errors, `${path}.readinessProbe`, readinessProbe, 'readiness')
  if (startupProbe !== undefined) probeErrors(errors, `${path}.startupProbe`, startupProbe, 'startup')
}

function noHooks(errors: FieldError[], path: string, container: Container, text: string): void {
  for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    if (container[field] !== undefined) errors.push(notAllowed(`${path}.${field}`, text))
}

function restartErrors(
  errors: FieldError[],
  path: string,
  { restartPolicy, restartPolicyRules: rules }: Container,
): void {
  if (restartPolicy !== undefined && !containerRestartPolicies.includes(restartPolicy))
    errors.push(unsupported(`${path}.restartPolicy`, restartPolicy, containerRestartPolicies))
  if (!rules?.length) return
  if (restartPolicy === undefined) errors.push(required(`${path}.restartPolicy`, ruleless))
  if (rules.length > 20) errors.push(tooMany(`${path}.restartPolicyRules`, rules.length, 20))
  rules.forEach((rule, index) => ruleErrors(errors, `${path}.restartPolicyRules[${index}]`, rule))
}

type RestartRule = NonNullable<Container['restartPolicyRules']>[number]

function ruleErrors(errors: FieldError[], path: string, { action, exitCodes }: RestartRule): void {
  const actions = ['Restart', 'RestartAllContainers']
  if (!actions.includes(action)) errors.push(unsupported(`${path}.action`, action, actions))
  if (exitCodes === undefined) return void errors.push(required(`${path}.exitCodes`, 'must be specified'))
  const { operator, values = [] } = exitCodes
  if (operator !== 'In' && operator !== 'NotIn')
    errors.push(unsupported(`${path}.exitCodes.operator`, operator, ['In', 'NotIn']))
  if (values.length > 255) errors.push(tooMany(`${path}.exitCodes.values`, values.length, 255))
}

function portErrors(errors: FieldError[], path: string, ports: readonly ContainerPort[]): void {
  const names = new Set<string>()
  ports.forEach(({ name, containerPort, hostPort, protocol }, index) => {
    const at = `${path}[${index}]`
    if (name) {
      const bad = isPortName(name)
      if (bad.length > 0) errors.push(...each(`${at}.name`, name, bad))
      else if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
      else names.add(name)
    }
    if (!containerPort) errors.push(required(`${at}.containerPort`))
    else errors.push(...each(`${at}.containerPort`, containerPort, isPortNumber(containerPort)))
    if (hostPort) errors.push(...each(`${at}.hostPort`, hostPort, isPortNumber(hostPort)))
    if (!protocol) errors.push(required(`${at}.protocol`))
    else if (!protocols.includes(protocol)) errors.push(unsupported(`${at}.protocol`, protocol, protocols))
  })
}

function hostPortConflicts(errors: FieldError[], path: string, containers: readonly Container[]): void {
  let taken: Set<string> | undefined
  containers.forEach(({ ports }, index) =>
    ports?.forEach(({ protocol, hostIP, hostPort }, place) => {
      if (!hostPort) return
      const key = `${protocol ?? ''}/${hostIP ?? ''}/${hostPort}`
      taken ??= new Set()
      if (taken.has(key)) errors.push(duplicate(`${path}[${index}].ports[${place}].hostPort`, key))
      taken.add(key)
    }),
  )
}
