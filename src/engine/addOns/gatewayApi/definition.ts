import type { CustomResourceDefinition } from '../../api/index.ts'
import type { Schema } from '../../kinds/apiextensions/schema.ts'
import { groupName, object } from './fields.ts'

type Column = NonNullable<CustomResourceDefinition['spec']['versions'][number]['additionalPrinterColumns']>[number]

/** What tells the kinds of the Gateway API apart. */
export interface GatewayKind {
  readonly kind: string
  readonly plural: string
  readonly shortNames?: readonly string[]
  readonly scope: 'Cluster' | 'Namespaced'
  readonly description: string
  readonly spec: Schema
  /** without one there is no status subresource */
  readonly status?: Schema
  readonly columns: readonly Column[]
  /** the version in which objects are stored */
  readonly stored: 'v1' | 'v1beta1'
}

/** When the kind came about, in a column. */
export const age: Column = { jsonPath: '.metadata.creationTimestamp', name: 'Age', type: 'date' }

/** The definition of one kind of the Gateway API's standard channel: the same in v1 and v1beta1, as released. */
// upstream: sigs.k8s.io/gateway-api v1.6.1 config/crd/standard
export function definitionOf(one: GatewayKind): CustomResourceDefinition {
  const { kind, plural, shortNames, scope, columns, stored, status } = one
  const versions = ['v1', 'v1beta1'].map((name) => ({
    additionalPrinterColumns: columns,
    name,
    schema: { openAPIV3Schema: schemaOf(one) },
    served: true,
    storage: name === stored,
    subresources: status === undefined ? {} : { status: {} },
  }))
  const names = {
    categories: ['gateway-api'],
    kind,
    listKind: `${kind}List`,
    plural,
    ...(shortNames && { shortNames }),
    singular: kind.toLowerCase(),
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${groupName}`,
      annotations: {
        'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/4530',
        'gateway.networking.k8s.io/bundle-version': 'v1.6.1',
        'gateway.networking.k8s.io/channel': 'standard',
      },
    },
    spec: { group: groupName, names, scope, versions },
  } as unknown as CustomResourceDefinition
}

function schemaOf({ description, spec, status }: GatewayKind): Schema {
  const properties = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec,
    ...(status && { status }),
  }
  return { description, ...object(properties, 'spec') }
}
