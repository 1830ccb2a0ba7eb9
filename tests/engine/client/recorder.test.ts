import { expect, test } from 'vitest'
import type { Event, KubeObject } from '../../../src/engine/api/index.ts'
import type { Process } from '../../../src/engine/client/process.ts'
import { createRecorder } from '../../../src/engine/client/recorder.ts'
import { createSim, createWorld } from '../../../src/engine/sim/index.ts'

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default', uid: 'u1' } } as KubeObject
const said = { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message: 'no room' } as const

test('a series ends with six quiet minutes, and what is said then begins another', () => {
  const { process, events, sim } = recording()
  const recorder = createRecorder(process, 'default-scheduler')
  for (const seconds of [0, 60, 120, 600, 660, 720]) {
    sim.advanceTo(seconds * 1000)
    recorder.event(pod, said)
  }
  // the first is told its last count when the second begins; the second's own third time is told later
  expect([...events.values()].map(({ series }) => series?.count)).toEqual([3, 2])
})

/** A process whose API server only keeps Events. */
function recording() {
  const sim = createSim(createWorld(1))
  const events = new Map<string, Event>()
  const keep = (event: Event) => events.set(event.metadata.name, event)
  const server = {
    registry: { findByKind: () => ({}) },
    find: (_kind: unknown, _namespace: string, name: string) => events.get(name),
    takeEvent: (event: Event) => Boolean(keep(event)),
    perform: ({ body }: { body: Event }) => keep(body),
  }
  const process = { name: 'kube-scheduler', sim, server, isUp: () => true, onChange: () => undefined }
  return { process: process as unknown as Process, events, sim }
}
