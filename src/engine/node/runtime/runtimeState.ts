import type { FileNode } from './kernel/files.ts'
import { createKernelState, type KernelState } from './kernel/kernelState.ts'
import type { ContainerConfig, LogLine, Reply } from './runtime.ts'

/** All of the runtime's memory, as plain data: one slice of the world. */
export interface RuntimeState {
  nextId: number
  containers: Map<string, ContainerState>
  /** node → full names of the images it has */
  images: Map<string, Set<string>>
  /** storage that mounts share, by key */
  storages: Map<string, Map<string, FileNode>>
  registry: { isUp: boolean; bytesPerSecond: number }
  /** what was put outside the cluster: URL → text */
  warehouse: Map<string, string>
}

/** One container. */
export interface ContainerState {
  readonly id: string
  /** frozen; replaced when the container is resized */
  config: ContainerConfig
  phase: 'created' | 'running' | 'exited'
  kernel: KernelState
  /** its writable layer: what it changed, null where it removed; nothing until somebody looks at its files */
  layer: Map<string, FileNode | null> | undefined
  /** contents of projected volumes that changed since it started: mount path → files (frozen) */
  projected: Map<string, Readonly<Record<string, string>>> | undefined
  logs: LogLine[]
  /** lines that are not finished yet; frozen */
  unfinished: Unfinished
  reply: Reply | undefined
  killTimer: number
  memoryTimer: number
  isOutOfMemory: boolean
  startedAt: number
  execs: Map<number, ExecState> | undefined
  nextGroup: number
  /** nothing until somebody asks something of it */
  work: Work | undefined
}

/** What a container wrote last without ending the line. */
export type Unfinished = Readonly<Record<'stdout' | 'stderr', string>>

const allFinished: Unfinished = Object.freeze({ stdout: '', stderr: '' })

/** Keeps the rest of a line for what comes after it. */
export function keepRest(container: ContainerState, stream: 'stdout' | 'stderr', rest: string): void {
  const { stdout, stderr } = container.unfinished
  if (container.unfinished[stream] === rest) return
  container.unfinished = Object.freeze(stream === 'stdout' ? { stdout: rest, stderr } : { stdout, stderr: rest })
}

/** A container that has not been started. */
export function createContainerState(id: string, config: ContainerConfig): ContainerState {
  return {
    id,
    config,
    phase: 'created',
    kernel: createKernelState(),
    layer: undefined,
    projected: undefined,
    logs: [],
    unfinished: allFinished,
    reply: undefined,
    killTimer: 0,
    memoryTimer: 0,
    isOutOfMemory: false,
    startedAt: 0,
    execs: undefined,
    nextGroup: 1,
    work: undefined,
  }
}

/** One command run by `exec`. */
export interface ExecState {
  readonly group: number
  readonly pid: number
  readonly reply: Reply | undefined
  stdout: string
  stderr: string
  code: number | undefined
}

/** CPU that requests cost: counted in windows of ten seconds, plus a rate that the traffic's arithmetic sets. */
export interface Work {
  windowAt: number
  current: number
  previous: number
  requestsPerSecond: number
  requests: number
}

/** A container's work, counted from its start. */
export function workOf(container: ContainerState): Work {
  return (container.work ??= {
    windowAt: container.startedAt,
    current: 0,
    previous: 0,
    requestsPerSecond: 0,
    requests: 0,
  })
}

/** A runtime before its first container. */
export function createRuntimeState(): RuntimeState {
  return {
    nextId: 1,
    containers: new Map(),
    images: new Map(),
    storages: new Map(),
    registry: { isUp: true, bytesPerSecond: 40_000_000 },
    warehouse: new Map(),
  }
}
