import { customJsonSchemaOf, type Cluster, type KubeObject } from '#engine'
import { answered } from './reading.ts'

interface Definition extends KubeObject {
  readonly spec: {
    readonly group: string
    readonly names: { readonly kind: string }
    readonly versions: readonly {
      readonly name: string
      readonly schema?: { readonly openAPIV3Schema?: Parameters<typeof customJsonSchemaOf>[3] }
    }[]
  }
}

/** The JSON Schema of a custom kind, for the editor; undefined for a kind that no CustomResourceDefinition brings. */
export function customSchema({ api }: Cluster, apiVersion: string, kind: string): unknown {
  const [group = '', version = ''] = apiVersion.split('/')
  if (version === '' || api.findKind('CustomResourceDefinition') === undefined) return undefined
  const definitions = answered(() => api.list<Definition>('CustomResourceDefinition'))
  const found = definitions?.find(({ spec }) => spec.group === group && spec.names.kind === kind)
  const served = found?.spec.versions.find(({ name }) => name === version)
  return served && customJsonSchemaOf(group, version, kind, served.schema?.openAPIV3Schema)
}
