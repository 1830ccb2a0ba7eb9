import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../../src/engine/api/index.ts'
import { aspectsIn, type Change, type Informer } from '../../../src/engine/client/index.ts'
import { createAudience, type Hearer } from '../../../src/engine/controllers/audience.ts'

const labels = { app: 'web' }
const spec = { nodeName: 'node-1' }

function pod(metadata: object = {}, rest: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', uid: 'u1', labels, ...metadata },
    spec,
    status: { phase: 'Pending' },
    ...rest,
  } as unknown as KubeObject
}

const change = (object: KubeObject, previous?: KubeObject, type?: Change<KubeObject>['type']): Change<KubeObject> => ({
  type: type ?? (previous ? 'MODIFIED' : 'ADDED'),
  key: object.metadata.name,
  object,
  previous,
  cause: 0,
})

const owned = (kind: string): object => ({ ownerReferences: [{ kind, name: 'x', uid: 'o', controller: true }] })

describe('who is told', () => {
  function told(hearer: Partial<Hearer>, ...changes: Change<KubeObject>[]): { heard: number; settled: number } {
    let heard = 0
    let settled = 0
    let tell: ((change: Change<KubeObject>) => void) | undefined
    const informer = { listen: (listener: typeof tell) => void (tell = listener) } as unknown as Informer<KubeObject>
    const manners = { hear: () => void heard++, settleWrites: () => void settled++ }
    createAudience<Hearer>(manners).join('Pod', informer, {
      aspects: aspectsIn(undefined),
      owner: undefined,
      whileAny: undefined,
      awaited: [],
      ...hearer,
    })
    for (const each of changes) tell!(each)
    return { heard, settled }
  }

  test.each<[string, Change<KubeObject>, number]>([
    ['one of its own', change(pod(owned('Job'))), 1],
    ['an orphan', change(pod()), 1],
    ["somebody else's", change(pod(owned('ReplicaSet'))), 0],
    ['one that was its own', change(pod(owned('ReplicaSet')), pod(owned('Job'))), 1],
    ['an orphan that somebody else took', change(pod(owned('ReplicaSet')), pod()), 0],
  ])('an owner of pods, of %s', (_, each, count) => {
    expect(told({ owner: 'Job' }, each).heard).toBe(count)
  })

  test('whoever is concerned while there is something of another kind, only then', () => {
    const some = (count: number) => ({ size: () => count }) as Informer<KubeObject>
    expect(told({ whileAny: some(0) }, change(pod())).heard).toBe(0)
    expect(told({ whileAny: some(1) }, change(pod())).heard).toBe(1)
  })

  test('nobody who only looks things up, but a loop that waits for its writes sees to these', () => {
    expect(told({ aspects: 0, awaited: ['a'] }, change(pod()))).toEqual({ heard: 0, settled: 1 })
    expect(told({ aspects: 0 }, change(pod()))).toEqual({ heard: 0, settled: 0 })
  })
})
