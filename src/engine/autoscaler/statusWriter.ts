import type { Node } from '../api/index.ts'
import type { Client } from '../client/index.ts'
import type { Cloud } from './cloud.ts'
import { isReady } from './judge.ts'
import type { AutoscalerState } from './state.ts'
import { statusMap, statusObject, statusTextOf, type Counts } from './status.ts'

/** What the status is made of. */
export interface StatusSources {
  readonly client: Client
  readonly state: AutoscalerState
  readonly cloud: Cloud
  readonly findNode: (name: string) => Node | undefined
}

/** Makes what writes the status, wherever something in it has changed. */
// differs: upstream writes the status with each scan; here only when something in it has changed
export function createStatusWriter({ client, state, cloud, findNode }: StatusSources): () => void {
  function countsOf(group: string): Counts {
    const names = [...cloud.stateOf(group).machines.keys()]
    const registered = names.flatMap((node) => findNode(node) ?? [])
    return {
      registered: registered.length,
      ready: registered.filter(isReady).length,
      upcoming: names.length - registered.length,
    }
  }

  return () => {
    const text = statusTextOf(state, cloud, countsOf)
    const isThere = client.find(statusMap.kind, statusMap.name, statusMap.namespace) !== undefined
    if (isThere && text === state.statusText) return
    const { metadata, ...content } = statusObject(text, client.process.sim.now())
    if (isThere) client.patch(statusMap, { metadata: { annotations: metadata.annotations }, ...content }, 'merge')
    else client.create(statusMap.kind, { metadata, ...content }, statusMap.namespace)
    state.statusText = text
  }
}
