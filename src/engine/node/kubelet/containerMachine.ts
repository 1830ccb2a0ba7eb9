import { setup } from 'xstate'
import { effect } from '../../sim/index.ts'

/** What happens to one run of a container. */
export type ContainerEvent =
  | { type: 'image.present' }
  | { type: 'container.created' }
  | { type: 'process.started' }
  | { type: 'hook.done' }
  | { type: 'hook.failed' }
  /** any step of the start failed: the reason is on record */
  | { type: 'start.failed' }
  | { type: 'stop.wanted' }
  /** a preStop hook outlived the grace period */
  | { type: 'grace.over' }
  /** a sidecar's turn: all it waits for are gone */
  | { type: 'turn.come' }
  | { type: 'process.exited' }

const plain = (type: ContainerEvent['type']): ContainerEvent => Object.freeze({ type })

/** What a container's chart is told. */
export const containerEvents = Object.freeze({
  imagePresent: plain('image.present'),
  containerCreated: plain('container.created'),
  processStarted: plain('process.started'),
  hookDone: plain('hook.done'),
  hookFailed: plain('hook.failed'),
  startFailed: plain('start.failed'),
  stopWanted: plain('stop.wanted'),
  turnCome: plain('turn.come'),
  processExited: plain('process.exited'),
})

/** What a container's chart asks of its host, `containerRun.ts`. */
export const containerEffects = {
  ensureImage: effect(),
  createContainer: effect(),
  startProcess: effect(),
  runPostStart: effect(),
  tellStarted: effect(),
  tellFailed: effect(),
  killSpoiled: effect(),
  runPreStop: effect(),
  awaitTurn: effect(),
  terminate: effect(),
  tellExited: effect(),
}

/** From creation to start, in virtual milliseconds: what the runtime's answers take. */
export const startMs = 8

/**
 * One run of one container: image, creation, start, postStart; then it runs until it ends by itself or is stopped:
 * preStop, its turn, SIGTERM. Running it again is its pod's decision, and makes a new run.
 * upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer, killContainer
 */
export const containerMachine = setup({
  types: {} as { context: object; events: ContainerEvent },
  actions: { ...containerEffects },
  delays: { startMs },
}).createMachine({
  id: 'container',
  context: {},
  initial: 'pulling',
  states: {
    pulling: { entry: 'ensureImage', on: { 'image.present': 'creating', 'start.failed': 'failed' } },
    creating: { entry: 'createContainer', on: { 'container.created': 'created', 'start.failed': 'failed' } },
    created: { after: { startMs: 'starting' } },
    starting: { entry: 'startProcess', on: { 'process.started': 'postStarting', 'start.failed': 'failed' } },
    postStarting: {
      entry: 'runPostStart',
      on: {
        'hook.done': { target: 'running', actions: 'tellStarted' },
        'hook.failed': 'spoiled',
        'process.exited': { target: 'exited', actions: 'tellStarted' },
      },
    },
    spoiled: { entry: 'killSpoiled', on: { 'process.exited': 'failed' } },
    running: { on: { 'stop.wanted': 'stopping', 'process.exited': 'exited' } },
    stopping: {
      initial: 'preStopping',
      on: { 'process.exited': 'exited' },
      states: {
        preStopping: {
          entry: 'runPreStop',
          on: { 'hook.done': 'queued', 'hook.failed': 'queued', 'grace.over': 'queued' },
        },
        queued: { entry: 'awaitTurn', on: { 'turn.come': 'terminating' } },
        terminating: { entry: 'terminate' },
      },
    },
    exited: { type: 'final', entry: 'tellExited' },
    failed: { type: 'final', entry: 'tellFailed' },
  },
})
