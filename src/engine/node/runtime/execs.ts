import type { Sim } from '../../sim/index.ts'
import { proceed, type Containers } from './containers.ts'
import { programFor, standardDescriptors } from './launch.ts'
import type { ExecHandle, NodeRuntime } from './nodeRuntime.ts'
import type { Reply } from './runtime.ts'
import type { ContainerState, ExecState, RuntimeState } from './runtimeState.ts'
import { feed } from './kernel/descriptors.ts'
import { end, signal, startProcess } from './kernel/processes.ts'

const execMs = 5
const execFailedCode = 127

/** Commands that are started in running containers, besides their main process. */
export interface Execs extends Pick<
  NodeRuntime,
  'exec' | 'openExec' | 'writeExec' | 'takeExec' | 'signalExec' | 'closeExec'
> {
  /** The first process of a group ended. */
  readonly ended: (found: ContainerState, group: number, code: number) => void
  /** The container is over, and every command in it. */
  readonly endAll: (found: ContainerState, isSilent: boolean) => void
}

/** Starts commands in the containers: for a kubelet, which gets one answer, or for somebody who holds their input and output. */
export function createExecs(sim: Sim, state: RuntimeState, containers: Containers): Execs {
  function execEnded(found: ContainerState, group: number, code: number): void {
    const exec = found.execs?.get(group)
    if (exec?.code === undefined && exec) endExec(found, exec, code)
  }

  function endExec(found: ContainerState, exec: ExecState, code: number, isSilent = false): void {
    exec.code = code
    for (const process of found.kernel.processes) {
      if (process.group === exec.group && process.pid !== exec.pid) end(containers.get(found.id)!.kernel, process, 129)
    }
    found.kernel.inputs?.delete(exec.group)
    const { reply, stdout, stderr, group } = exec
    if (!reply) return
    found.execs?.delete(group)
    if (!isSilent) sim.schedule(execMs, reply.to, { type: 'exec.done', token: reply.token, code, stdout, stderr })
  }

  function startExec(
    id: string,
    command: readonly string[],
    reply: Reply | undefined,
    hasInput: boolean,
    isTty: boolean,
  ): ExecState | { error: string } {
    const container = containers.get(id)
    if (container?.state.phase !== 'running') return { error: `container not running (${id})` }
    const { state: found, build, kernel } = container
    const cwd = found.config.workingDir || build.image.workingDir || '/'
    const target = programFor(container, command, cwd, true)
    if ('error' in target)
      return { error: `OCI runtime exec failed: exec failed: unable to start container process: ${target.error}` }
    const group = found.nextGroup++
    const fds = standardDescriptors(container, group, hasInput, isTty)
    const argv =
      isTty &&
      /^(sh|bash|ash|dash)$/.test(command[0]!.split('/').pop()!) &&
      command.slice(1).every((word) => /^-(?!c)/.test(word))
        ? [...target.argv, '-i']
        : target.argv
    const process = startProcess(kernel, {
      parent: 0,
      group,
      argv: Object.freeze([...argv]),
      program: target.program,
      cwd,
      environment: undefined,
      fds,
    })
    const exec: ExecState = { group, pid: process.pid, reply, stdout: '', stderr: '', code: undefined }
    found.execs ??= new Map()
    found.execs.set(group, exec)
    proceed(container)
    return exec
  }

  const execOf = ({ id, group }: ExecHandle): ExecState | undefined => state.containers.get(id)?.execs?.get(group)

  return {
    ended: execEnded,
    endAll(found, isSilent) {
      for (const exec of found.execs?.values() ?? []) if (exec.code === undefined) endExec(found, exec, 137, isSilent)
    },
    exec(id, command, reply) {
      const exec = startExec(id, command, reply, false, false)
      if ('error' in exec)
        sim.schedule(execMs, reply.to, {
          type: 'exec.done',
          token: reply.token,
          code: execFailedCode,
          stdout: '',
          stderr: exec.error,
          error: exec.error,
        })
    },
    openExec(id, command, { tty = false, stdin = tty } = {}) {
      const exec = startExec(id, command, undefined, stdin, tty)
      return 'error' in exec ? exec : { id, group: exec.group }
    },
    writeExec({ id, group }, text, isEnd = false) {
      const container = containers.running(id)
      if (!container) return
      feed(container.kernel, group, text, isEnd)
      proceed(container)
    },
    takeExec(handle) {
      const exec = execOf(handle)
      if (!exec) return { stdout: '', stderr: '', code: 137 }
      const { stdout, stderr, code } = exec
      exec.stdout = ''
      exec.stderr = ''
      return { stdout, stderr, code }
    },
    signalExec({ id, group }, name) {
      const container = containers.running(id)
      if (!container) return
      for (const process of container.state.kernel.processes)
        if (process.group === group) signal(container.kernel, process, name)
      proceed(container)
    },
    closeExec(handle) {
      const container = containers.running(handle.id)
      const exec = execOf(handle)
      if (container && exec?.code === undefined) {
        for (const process of container.state.kernel.processes)
          if (process.group === handle.group) end(container.kernel, process, 129)
        proceed(container)
      }
      state.containers.get(handle.id)?.execs?.delete(handle.group)
    },
  }
}
