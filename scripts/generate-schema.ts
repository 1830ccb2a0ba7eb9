import { mkdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Every built-in kind a cluster serves, by apiVersion; bodies of requests that are no kinds of their own come last. */
const kinds: Readonly<Record<string, string>> = {
  v1:
    'Binding ComponentStatus ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod ' +
    'PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount',
  'admissionregistration.k8s.io/v1':
    'MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ' +
    'ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/v1': 'CustomResourceDefinition',
  'apiregistration.k8s.io/v1': 'APIService',
  'apps/v1': 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet',
  'authentication.k8s.io/v1': 'SelfSubjectReview TokenRequest TokenReview',
  'authorization.k8s.io/v1':
    'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview',
  'autoscaling/v1': 'HorizontalPodAutoscaler Scale',
  'autoscaling/v2': 'HorizontalPodAutoscaler',
  'batch/v1': 'CronJob Job',
  'certificates.k8s.io/v1': 'CertificateSigningRequest',
  'coordination.k8s.io/v1': 'Lease',
  'discovery.k8s.io/v1': 'EndpointSlice',
  'events.k8s.io/v1': 'Event',
  'flowcontrol.apiserver.k8s.io/v1': 'FlowSchema PriorityLevelConfiguration',
  'meta.k8s.io/v1': 'DeleteOptions',
  'networking.k8s.io/v1': 'IPAddress Ingress IngressClass NetworkPolicy ServiceCIDR',
  'node.k8s.io/v1': 'RuntimeClass',
  'policy/v1': 'Eviction PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1': 'ClusterRole ClusterRoleBinding Role RoleBinding',
  'resource.k8s.io/v1': 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice',
  'scheduling.k8s.io/v1': 'PriorityClass',
  'storage.k8s.io/v1': 'CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass',
}

/** What the models call plain strings, but are quantities. */
const quantities = new Set(
  (
    'CapacityRequestPolicy.default CapacityRequestPolicy.validValues CapacityRequestPolicyRange.max CapacityRequestPolicyRange.min ' +
    'CapacityRequestPolicyRange.step CapacityRequirements.requests ContainerStatus.allocatedResources Counter.value ' +
    'CSIStorageCapacity.capacity CSIStorageCapacity.maximumVolumeSize DeviceCapacity.value ' +
    'DeviceRequestAllocationResult.consumedCapacity EmptyDirVolumeSource.sizeLimit HPAScalingRules.tolerance LimitRangeItem.default ' +
    'LimitRangeItem.defaultRequest LimitRangeItem.max LimitRangeItem.maxLimitRequestRatio LimitRangeItem.min MetricTarget.averageValue ' +
    'MetricTarget.value MetricValueStatus.averageValue MetricValueStatus.value NodeAllocatableResourceClaimStatus.resources ' +
    'NodeAllocatableResourceMapping.allocationMultiplier NodeStatus.allocatable NodeStatus.capacity Overhead.podFixed ' +
    'PersistentVolumeClaimStatus.allocatedResources PersistentVolumeClaimStatus.capacity PersistentVolumeSpec.capacity PodSpec.overhead ' +
    'PodStatus.allocatedResources ResourceFieldSelector.divisor ResourceQuotaSpec.hard ResourceQuotaStatus.hard ' +
    'ResourceQuotaStatus.used ResourceRequirements.limits ResourceRequirements.requests VolumeResourceRequirements.limits ' +
    'VolumeResourceRequirements.requests'
  ).split(' '),
)

/** What the models call `any`: free JSON by the name of its type upstream, in the schema's own codes (see README of the schema). */
const freeForms: Readonly<Record<string, string>> = {
  'AllocatedDeviceStatus.data': 'R',
  'ControllerRevision.data': 'R',
  'OpaqueDeviceConfiguration.parameters': 'R',
  'CustomResourceSubresources.status': 'CustomResourceSubresourceStatus',
  'ManagedFieldsEntry.fieldsV1': 'F',
  'JSONSchemaProps.additionalItems': 'B',
  'JSONSchemaProps.additionalProperties': 'B',
  'JSONSchemaProps.default': 'j',
  'JSONSchemaProps.dependencies': '{}S',
  'JSONSchemaProps.enum': '[]j',
  'JSONSchemaProps.example': 'j',
  'JSONSchemaProps.items': 'A',
}

interface Model {
  readonly className: string
  readonly text: string
  readonly fields: readonly { name: string; type: string; format: string; required: boolean; text: string }[]
}

/** Writes the compact schema and the descriptions into `outDir`; the same models always give the same bytes. */
export function generateSchema(outDir: string): void {
  const models = modelsOfPackage()
  const { classes, kindClasses } = reachableClasses(models)
  const keys = schemaKeys(classes)
  const types: Record<string, string> = {}
  const texts: Record<string, readonly [string, Readonly<Record<string, string>>]> = {}
  for (const [key, className] of [...keys].map(([className, key]) => [key, className] as const).sort(byFirst)) {
    const model = models(className)
    types[key] = model.fields
      .map((field) => `${field.name}:${codeOf(key, field, keys)}${field.required ? '!' : ''}`)
      .join(' ')
    const fieldTexts = model.fields.filter((field) => field.text).map((field) => [field.name, field.text] as const)
    texts[key] = [model.text, Object.fromEntries(fieldTexts)]
  }
  types.CustomResourceSubresourceStatus = ''
  const served = Object.fromEntries(kindClasses.map(([gvk, className]) => [gvk, keys.get(className) ?? '']))
  const later = [...keys]
    .filter(([className]) => className.startsWith('V2'))
    .map(([, key]) => key)
    .sort()
  mkdirSync(outDir, { recursive: true })
  const head = '// Generated by scripts/generate-schema.ts from the models of @kubernetes/client-node; do not edit.\n'
  writeFileSync(
    join(outDir, 'schema.ts'),
    head +
      table('kinds', 'Readonly<Record<string, string>>', served, 'The type of each kind, by `apiVersion kind`.') +
      table(
        'types',
        'Readonly<Record<string, string>>',
        types,
        'Each type: its fields as `name:code`, `!` where required.',
      ) +
      table('version2', 'readonly string[]', later, 'The types that belong to a v2 of their group.'),
  )
  const shape = 'Readonly<Record<string, readonly [text: string, fields: Readonly<Record<string, string>>]>>'
  writeFileSync(
    join(outDir, 'descriptions.ts'),
    head + table('descriptions', shape, texts, 'What each type and field is for.'),
  )
}

function modelsOfPackage(): (className: string) => Model {
  const root = dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node'))
  const dir = join(root, 'gen', 'models')
  const known = new Map<string, Model>()
  return (className) => {
    const found = known.get(className)
    if (found !== undefined) return found
    const model = readModel(dir, className)
    known.set(className, model)
    return model
  }
}

function readModel(dir: string, className: string): Model {
  const code = readFileSync(join(dir, `${className}.js`), 'utf8')
  const declaration = readFileSync(join(dir, `${className}.d.ts`), 'utf8')
  const list = /attributeTypeMap = (\[[\s\S]*?\n\]);/.exec(code)?.[1]
  if (list === undefined) throw new Error(`${className} has no attributeTypeMap`)
  const attributes = JSON.parse(list) as { name: string; baseName: string; type: string; format: string }[]
  const docs = fieldDocs(declaration)
  const classText = /\/\*\*\n\* ([\s\S]*?)\n\*\/\nexport declare class/.exec(declaration)?.[1] ?? ''
  const fields = attributes.map(({ name, baseName, type, format }) => {
    const doc = docs.get(name)
    if (doc === undefined) throw new Error(`${className}.${name} is not declared`)
    return { name: baseName, type, format, ...doc }
  })
  return { className, text: plainText(classText), fields }
}

function fieldDocs(declaration: string): Map<string, { required: boolean; text: string }> {
  const docs = new Map<string, { required: boolean; text: string }>()
  for (const match of declaration.matchAll(/(?:\/\*\*\n\s+\* (.*)\n\s+\*\/\n\s+)?'([^']+)'(\??): /g)) {
    docs.set(match[2] ?? '', { required: match[3] === '', text: plainText(match[1] ?? '') })
  }
  return docs
}

function plainText(text: string): string {
  return text
    .replaceAll(/\\(['"])/g, '$1')
    .replaceAll('*\\/', '*/')
    .trim()
}

function reachableClasses(models: (className: string) => Model): {
  classes: string[]
  kindClasses: [string, string][]
} {
  const kindClasses: [string, string][] = []
  for (const [apiVersion, names] of Object.entries(kinds)) {
    for (const kind of names.split(' ')) kindClasses.push([`${apiVersion} ${kind}`, classOfKind(apiVersion, kind)])
  }
  const seen = new Set(kindClasses.map(([, className]) => className))
  for (const className of seen) {
    for (const { type } of models(className).fields) {
      const inner = elementType(type)
      if (/^([A-Z][a-z]+)?V\d/.test(inner) && inner !== 'V1MicroTime') seen.add(inner)
    }
  }
  return { classes: [...seen].sort(), kindClasses }
}

/** `V1Pod`, or `CoreV1Event` where two groups have a kind of that name. */
function classOfKind(apiVersion: string, kind: string): string {
  const [version = '', group = 'core'] = apiVersion.split('/').reverse()
  const plain = upperFirst(version) + kind
  const prefixed = upperFirst(group.split('.')[0] ?? '') + plain
  const root = dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node'))
  const exists = (name: string) => existsSync(join(root, 'gen', 'models', `${name}.js`))
  if (exists(prefixed)) return prefixed
  if (exists(plain)) return plain
  throw new Error(`the models know no ${kind} of ${apiVersion}`)
}

/** Go's name of each type; where two share it, the group's (or version's) prefix stays: `core.Event`, `v2.MetricSpec`. */
function schemaKeys(classes: readonly string[]): Map<string, string> {
  const parts = classes.map((className) => {
    const match = /^([A-Z][a-z]+)??(V\d+(?:alpha\d+|beta\d+)?)([A-Z].*)$/.exec(className)
    if (!match) throw new Error(`cannot read the class name ${className}`)
    return { className, prefix: (match[1] ?? match[2] ?? '').toLowerCase(), short: match[3] ?? '' }
  })
  const shared = (short: string) => parts.filter((part) => part.short === short).length > 1
  return new Map(parts.map(({ className, prefix, short }) => [className, shared(short) ? `${prefix}.${short}` : short]))
}

function codeOf(key: string, field: Model['fields'][number], keys: ReadonlyMap<string, string>): string {
  const path = `${key}.${field.name}`
  const free = freeForms[path]
  if (free !== undefined) return free
  const inner = elementType(field.type)
  const scalar = quantities.has(path) ? 'q' : (keys.get(inner) ?? scalarCode(inner, field.format))
  if (scalar === undefined) throw new Error(`${path} has the unknown type ${field.type}`)
  return containers(field.type) + scalar
}

function scalarCode(type: string, format: string): string | undefined {
  if (type === 'string') return format === 'byte' ? 'y' : 's'
  if (type === 'number') return format === 'int32' ? 'i' : format === 'int64' ? 'l' : format === 'double' ? 'd' : 'l'
  return { boolean: 'b', Date: 't', V1MicroTime: 'm', IntOrString: 'x' }[type]
}

function containers(type: string): string {
  if (type.startsWith('Array<')) return `[]${containers(type.slice(6, -1))}`
  if (type.startsWith('{')) return `{}${containers(type.slice(type.indexOf(']: ') + 3, -3))}`
  return ''
}

function elementType(type: string): string {
  if (type.startsWith('Array<')) return elementType(type.slice(6, -1))
  if (type.startsWith('{')) return elementType(type.slice(type.indexOf(']: ') + 3, -3))
  return type
}

function table(name: string, type: string, value: unknown, doc: string): string {
  return `\n/** ${doc} */\nexport const ${name}: ${type} = ${JSON.stringify(value, null, 1)}\n`
}

const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
const byFirst = (a: readonly [string, string], b: readonly [string, string]): number => (a[0] < b[0] ? -1 : 1)

const isMain = process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href
if (isMain) generateSchema(resolve(dirname(process.argv[1] ?? ''), '..', 'src', 'engine', 'generated'))
