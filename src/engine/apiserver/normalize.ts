import { formatMicroTime, formatQuantity, formatTime, parseTime } from '../api/index.ts'
import { getObjectType, type Field, type ObjectType, type TypeRef } from '../api/schema/schema.ts'

/**
 * A private copy of a decoded body in the form the API stores: zero values that Go leaves out are gone, quantities and times have
 * their one spelling, unknown fields are dropped.
 */
export function normalize<T extends object>(type: string, value: T): T {
  return copyObject(planOf(type), value as Json) as T
}

type Json = Readonly<Record<string, unknown>>

interface Plan {
  readonly fields: ReadonlyMap<string, FieldPlan>
}

interface FieldPlan {
  readonly ref: TypeRef
  /** a zero value is left out: upstream's `omitempty` on what is no pointer */
  readonly omitsZero: boolean
  /** an empty list is nil, which a list without `omitempty` shows as null */
  readonly nullsEmpty: boolean
  readonly precision: 'milli' | 'nano'
}

// A memo of frozen facts, the same in every cluster: no state of any world.
const plans = new Map<string, Plan>()

function planOf(name: string): Plan {
  let plan = plans.get(name)
  if (plan === undefined) plans.set(name, (plan = makePlan(getObjectType(name))))
  return plan
}

function makePlan(type: ObjectType): Plan {
  const fields = new Map<string, FieldPlan>()
  for (const field of type.fields.values()) fields.set(field.name, planField(type.name, field))
  return { fields }
}

function planField(type: string, { name, type: ref, required }: Field): FieldPlan {
  const isList = ref.kind === 'array' || ref.kind === 'map'
  const omitsZero = !required && (isList || isValueScalar(type, name, ref))
  const precision = ref.kind === 'map' && ref.of.kind === 'quantity' ? 'milli' : 'nano'
  return { ref, omitsZero, nullsEmpty: required && ref.kind === 'array', precision }
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** Booleans that are no pointers. */
const plainBooleans = words(
  'readOnly stdin stdinOnce tty preserveUnknownFields deprecated paused chapAuthDiscovery chapAuthSession exclusiveMaximum ' +
    'exclusiveMinimum nullable uniqueItems x-kubernetes-embedded-resource x-kubernetes-int-or-string unschedulable hostIPC ' +
    'hostNetwork hostPID globalDefault clusterScope sslEnabled publishNotReadyAddresses denied authenticated insecureSkipTLSVerify',
)

/** Numbers that are no pointers. */
const plainNumbers = words(
  'partition observedGeneration sizeBytes hostPort signal priority minReadySeconds numberAvailable numberUnavailable ' +
    'updatedNumberScheduled availableReplicas readyReplicas unavailableReplicas updatedReplicas fullyLabeledReplicas ' +
    'currentReplicas active failed succeeded failureThreshold initialDelaySeconds periodSeconds successThreshold timeoutSeconds ' +
    'nodePort healthCheckNodePort generation handSize queues queueLengthLimit matchingPrecedence deprecatedCount number',
)

/** Strings that are pointers, so that an empty one is kept. */
const pointerStrings = words(
  'runtimeClassName preemptionPolicy volumeMode ingressClassName appProtocol internalTrafficPolicy ipFamilyPolicy ' +
    'loadBalancerClass trafficDistribution localhostProfile mountPropagation recursiveReadOnly holderIdentity strategy ' +
    'preferredHolder hostnameOverride completionMode podReplacementPolicy managedBy timeZone volumeAttributesClassName pathType ' +
    'fsGroupChangePolicy procMount apiGroup unhealthyPodEvictionPolicy nodeAffinityPolicy nodeTaintsPolicy resourceClaimName ' +
    'resourceClaimTemplateName ipMode supplementalGroupsPolicy seLinuxChangePolicy reclaimPolicy volumeBindingMode scope ' +
    'validationActions failurePolicy matchPolicy sideEffects reinvocationPolicy',
)

/** Where one name is a pointer here and a value there. */
const exceptions: Readonly<Record<string, boolean>> = {
  'CSIVolumeSource.readOnly': false,
  'AzureDiskVolumeSource.readOnly': false,
  'RollingUpdateStatefulSetStrategy.partition': false,
  'v1.HorizontalPodAutoscalerStatus.observedGeneration': false,
  'v2.HorizontalPodAutoscalerStatus.observedGeneration': false,
  'PodSpec.priority': false,
  'MutatingWebhook.timeoutSeconds': false,
  'ValidatingWebhook.timeoutSeconds': false,
  'ClientIPConfig.timeoutSeconds': false,
  'DeploymentStatus.replicas': true,
  'ScaleSpec.replicas': true,
  'core.Event.count': true,
  'core.EventSeries.count': true,
  'PersistentVolumeClaimSpec.storageClassName': false,
  'Container.restartPolicy': false,
  'EphemeralContainer.restartPolicy': false,
  'HostPathVolumeSource.type': false,
  'GRPCAction.service': false,
  'discovery.EndpointPort.name': false,
  'discovery.EndpointPort.protocol': false,
  'NetworkPolicyPort.protocol': false,
  'Endpoint.hostname': false,
  'Endpoint.nodeName': false,
  'Endpoint.zone': false,
  'PodDNSConfigOption.value': false,
  'CSIVolumeSource.fsType': false,
  'RuntimeClass.scope': true,
  'DeploymentStrategy.strategy': true,
}

function isValueScalar(type: string, name: string, ref: TypeRef): boolean {
  const exception = exceptions[`${type}.${name}`]
  if (exception !== undefined) return exception
  if (ref.kind === 'boolean') return plainBooleans.has(name)
  if (ref.kind === 'int32' || ref.kind === 'int64') return plainNumbers.has(name)
  return ref.kind === 'string' && !pointerStrings.has(name)
}

function copyObject({ fields }: Plan, value: Json): Json {
  const copy: Record<string, unknown> = {}
  for (const key in value) {
    const field = fields.get(key)
    if (field === undefined) continue
    const given = copyValue(field.ref, value[key], field.precision)
    if (given === undefined) continue
    if (field.omitsZero && isZero(given)) continue
    copy[key] = field.nullsEmpty && (given as readonly unknown[]).length === 0 ? null : given
  }
  return copy
}

function isZero(value: unknown): boolean {
  if (typeof value !== 'object') return value === '' || value === 0 || value === false
  if (Array.isArray(value)) return value.length === 0
  for (const _ in value) return false
  return true
}

function copyValue(ref: TypeRef, value: unknown, precision: 'milli' | 'nano'): unknown {
  if (value === undefined || value === null) return undefined
  switch (ref.kind) {
    case 'object':
      return copyObject(planOf(ref.name), value as Json)
    case 'array':
      return (value as readonly unknown[]).map((item) => copyValue(ref.of, item, precision))
    case 'map':
      return copyMap(ref.of, value as Json, precision)
    case 'quantity':
      return formatQuantity(value as string, precision)
    case 'time':
      return timeIn(value as string, formatTime)
    case 'microTime':
      return timeIn(value as string, formatMicroTime)
    case 'bytes':
      return (value as string).replace(/[\r\n]/g, '')
    default:
      return typeof value === 'object' ? copyPlain(value) : value
  }
}

function copyMap(ref: TypeRef, value: Json, precision: 'milli' | 'nano'): Json {
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) setOwn(copy, key, copyValue(ref, value[key], precision))
  return copy
}

/** `__proto__` is a legal key of data and labels. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

function copyPlain(value: object): unknown {
  if (Array.isArray(value))
    return value.map((item: unknown) => (typeof item === 'object' && item !== null ? copyPlain(item) : item))
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value))
    setOwn(copy, key, typeof item === 'object' && item !== null ? copyPlain(item as object) : item)
  return copy
}

function timeIn(text: string, format: (atMs: number) => string): string {
  const at = parseTime(text)
  return Number.isNaN(at) ? text : format(at)
}
