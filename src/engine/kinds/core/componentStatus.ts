import type { KubeObject } from '../../api/index.ts'
import { nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'

/** How a component of the control plane says that it is, in the way of long ago. */
export interface ComponentStatus extends KubeObject {
  readonly conditions?: readonly {
    readonly type: string
    readonly status: string
    readonly message?: string
    readonly error?: string
  }[]
}

type Condition = NonNullable<ComponentStatus['conditions']>[number]

/** Served so that clients find it; nothing is ever stored. */
// differs: upstream asks the components themselves on every request
export const componentStatus = defineKind<ComponentStatus>({
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  shortNames: ['cs'],
  namespaced: false,
  verbs: ['get', 'list'],
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  columns: [
    nameColumn,
    { name: 'Status', cell: (one) => (healthOf(one)?.status === 'True' ? 'Healthy' : 'Unhealthy') },
    { name: 'Message', cell: (one) => healthOf(one)?.message ?? '' },
    { name: 'Error', cell: (one) => healthOf(one)?.error ?? '' },
  ],
})

const healthOf = ({ conditions }: ComponentStatus): Condition | undefined =>
  conditions?.find(({ type }) => type === 'Healthy')
