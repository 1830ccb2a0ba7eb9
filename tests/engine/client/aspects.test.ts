import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../../src/engine/api/index.ts'
import { aspectsIn, aspectsOf, type Aspect, type Change } from '../../../src/engine/client/index.ts'

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

describe('what a change is about', () => {
  const all: Aspect[] = ['birth', 'death', 'labels', 'owners', 'deletion', 'finalizers', 'spec', 'status', 'phase']
  const { status } = pod() as unknown as { status: object }
  const before = pod({}, { status })

  test.each<[string, Change<KubeObject>, Aspect[]]>([
    ['a birth', change(pod()), ['birth']],
    ['a death', change(pod(), before, 'DELETED'), ['death']],
    ['nothing that has a name', change(pod({ annotations: {} }, { status }), before), []],
    ['labels', change(pod({ labels: { ...labels } }, { status }), before), ['labels']],
    ['owners', change(pod(owned('Job'), { status }), before), ['owners']],
    ['a beginning deletion', change(pod({ deletionTimestamp: 'now' }, { status }), before), ['deletion']],
    ['finalizers', change(pod({ finalizers: ['a'] }, { status }), before), ['finalizers']],
    ['the spec', change(pod({}, { status, spec: {} }), before), ['spec']],
    ['a status with the same phase', change(pod({}, { status: { ...status } }), before), ['status']],
    ['a phase', change(pod({}, { status: { phase: 'Running' } }), before), ['status', 'phase']],
    ['another object of that name', change(pod({ uid: 'u2' }), before), all.filter((each) => each !== 'death')],
  ])('%s', (_, told, expected) => {
    expect(all.filter((each) => (aspectsOf(told) & aspectsIn([each])) !== 0)).toEqual(expected)
    expect(aspectsOf(told) & aspectsIn(undefined)).not.toBe(0)
  })
})
