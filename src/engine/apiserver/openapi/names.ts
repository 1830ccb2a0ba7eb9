import { builtInKinds, elementOf, findObjectType, getObjectType } from '../../api/schema/index.ts'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** Types of the machinery, whatever kind refers to them. */
const machinery: ReadonlySet<string> = new Set(
  (
    'ObjectMeta ListMeta OwnerReference ManagedFieldsEntry LabelSelector LabelSelectorRequirement Condition Status StatusDetails ' +
    'StatusCause DeleteOptions Preconditions APIResource APIResourceList APIGroup FieldSelectorRequirement'
  ).split(' '),
)

/** Types with a form of their own. */
export const scalarNames = Object.freeze({
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  time: `${meta}.Time`,
  microTime: `${meta}.MicroTime`,
  rawExtension: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
  fieldsV1: `${meta}.FieldsV1`,
  json: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON',
  schemaOrBool: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool',
  schemaOrArray: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray',
  schemaOrStrings: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray',
})

/** The name of a type in the OpenAPI documents: `PodSpec` → `io.k8s.api.core.v1.PodSpec`. */
// differs: a type belongs to the first kind that leads to it, the core group's first; a few of upstream's are elsewhere
export function openApiName(type: string): string {
  const plain = type.slice(type.lastIndexOf('.') + 1)
  if (machinery.has(plain)) return `${meta}.${plain}`
  return `${packageOf(type)}.${plain}`
}

// a memo of frozen facts, the same in every cluster
const packages = new Map<string, string>()

function packageOf(type: string): string {
  if (packages.size === 0)
    for (const [gvk, root] of [...builtInKinds()].sort(coreFirst)) claim(root, packageOfKind(gvk.split(' ')[0]!))
  return packages.get(type) ?? 'io.k8s.api.core.v1'
}

const coreFirst = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  Number(a.includes('/')) - Number(b.includes('/'))

function packageOfKind(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  if (slash < 0) return `io.k8s.api.core.${apiVersion}`
  const group = apiVersion.slice(0, slash)
  const version = apiVersion.slice(slash + 1)
  if (group === 'apiextensions.k8s.io') return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}`
  if (group === 'apiregistration.k8s.io') return `io.k8s.kube-aggregator.pkg.apis.apiregistration.${version}`
  return `io.k8s.api.${group.split('.')[0]!}.${version}`
}

function claim(type: string, owner: string): void {
  if (packages.has(type) || findObjectType(type) === undefined) return
  packages.set(type, owner)
  for (const { type: ref } of getObjectType(type).fields.values()) {
    const inner = elementOf(ref)
    if (inner.kind === 'object') claim(inner.name, owner)
  }
}
