import { setup } from 'xstate'
import { effect } from '../../sim/index.ts'

/** What happens to a pod on its node. */
export type PodEvent =
  /** the worker's turn has come */
  | { type: 'sync.due' }
  /** the pod is deleted or over, and its last sync was looked at */
  | { type: 'stop.due' }
  /** it was deleted while it still waited for its volumes */
  | { type: 'pod.doomed' }
  | { type: 'status.reported' }
  | { type: 'volumes.mounted' }
  | { type: 'kill.needed' }
  | { type: 'sandbox.needed' }
  | { type: 'resize.needed' }
  | { type: 'start.needed' }
  /** the runtime has answered for all containers that are resized */
  | { type: 'containers.resized' }
  | { type: 'containers.stopped' }
  | { type: 'sandbox.ready'; ip: string }
  | { type: 'container.started'; name: string }
  | { type: 'container.failed'; name: string }
  /** nothing more to do, or nothing more that can be done now */
  | { type: 'sync.ended' }
  | { type: 'cleanup.due' }

const plain = (type: PlainPodEvent): PodEvent => Object.freeze({ type })

type PlainPodEvent = Exclude<PodEvent['type'], 'sandbox.ready' | 'container.started' | 'container.failed'>

/** What needs no more words than its type. */
export const podEvents = Object.freeze({
  syncDue: plain('sync.due'),
  stopDue: plain('stop.due'),
  podDoomed: plain('pod.doomed'),
  statusReported: plain('status.reported'),
  volumesMounted: plain('volumes.mounted'),
  killNeeded: plain('kill.needed'),
  sandboxNeeded: plain('sandbox.needed'),
  resizeNeeded: plain('resize.needed'),
  startNeeded: plain('start.needed'),
  containersStopped: plain('containers.stopped'),
  syncEnded: plain('sync.ended'),
})

/** What a pod's chart asks of its host, `podWorker.ts`. */
export const podEffects = {
  beginSync: effect(),
  reportStatus: effect(),
  mountVolumes: effect(),
  makePlan: effect(),
  goOn: effect(),
  killUnwanted: effect(),
  makeSandbox: effect(),
  keepSandbox: effect(),
  resizeContainers: effect(),
  startNext: effect(),
  endSync: effect(),
  awaitNext: effect(),
  beginStop: effect(),
  killAll: effect(),
  reportStopped: effect(),
  finish: effect(),
}

/**
 * One pod on one node: a sync brings the containers closer to what the spec says, one step after the other, and then waits for
 * the next reason to look again. A pod that is deleted or over is stopped, reported and forgotten.
 * upstream: pkg/kubelet/pod_workers.go, kubelet.go SyncPod, SyncTerminatingPod, SyncTerminatedPod
 */
export const podMachine = setup({
  types: {} as { context: object; events: PodEvent },
  actions: { ...podEffects },
}).createMachine({
  id: 'pod',
  context: {},
  initial: 'waiting',
  states: {
    waiting: { entry: 'awaitNext', on: { 'sync.due': 'syncing', 'stop.due': 'terminating' } },
    syncing: {
      initial: 'reporting',
      entry: 'beginSync',
      exit: 'endSync',
      on: { 'sync.ended': 'waiting' },
      states: {
        reporting: { entry: 'reportStatus', on: { 'status.reported': 'mounting' } },
        mounting: { entry: 'mountVolumes', on: { 'volumes.mounted': 'planning', 'pod.doomed': '#pod.waiting' } },
        planning: {
          entry: ['makePlan', 'goOn'],
          on: {
            'kill.needed': 'killing',
            'sandbox.needed': 'sandboxing',
            'resize.needed': 'resizing',
            'start.needed': 'starting',
          },
        },
        killing: { entry: 'killUnwanted', on: { 'containers.stopped': 'deciding' } },
        sandboxing: { entry: 'makeSandbox', on: { 'sandbox.ready': { target: 'deciding', actions: 'keepSandbox' } } },
        resizing: { entry: 'resizeContainers', on: { 'containers.resized': 'deciding' } },
        starting: { entry: 'startNext', on: { 'container.started': 'deciding', 'container.failed': 'deciding' } },
        deciding: {
          entry: 'goOn',
          on: { 'sandbox.needed': 'sandboxing', 'resize.needed': 'resizing', 'start.needed': 'starting' },
        },
      },
    },
    terminating: {
      initial: 'stopping',
      states: {
        stopping: { entry: ['beginStop', 'killAll'], on: { 'containers.stopped': 'stopped' } },
        stopped: { entry: 'reportStopped', on: { 'cleanup.due': '#pod.terminated' } },
      },
    },
    terminated: { type: 'final', entry: 'finish' },
  },
})
