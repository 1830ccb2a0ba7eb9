import type { Pod } from '../api/index.ts'
import { remembered } from './remembered.ts'

/** What the trace calls a node's kubelet: `kubelet@node-1`. */
export const kubeletOn = remembered((node) => `kubelet@${node}`)

/** What the trace calls a pod: `Pod/default/web`. */
export function podRef({ metadata: { namespace, name } }: Pod): string {
  return podsOf(`${namespace}`) + name
}

const podsOf = remembered((namespace) => `Pod/${namespace}/`)
