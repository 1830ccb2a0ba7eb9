import { argumentsOf, complain, defineTool, print, readWhole, type Call, type Tool } from '#engine'
import type { Session } from '../session.ts'
import { runEtcdctl, type EtcdctlDoor, type Followed } from './etcdctl.ts'
import { partsIn, prompts } from './txnText.ts'
import { EtcdctlError } from './errors.ts'
import { isOn, readLine, type Line } from './words.ts'

/** how often a command that goes on is asked what came */
const askMs = 50

/** A command that goes on. */
interface Going {
  readonly follow: () => Followed
  readonly everyMs: number
  readonly stop: (() => void) | undefined
}

/** etcdctl in a shell. */
export interface EtcdctlTool {
  readonly tool: Tool
  /** Ends what belongs to processes that are gone without a word. */
  readonly sweep: (processes: { readonly has: (pid: number) => boolean }) => void
}

/** etcdctl as a command of the shell. A command that goes on is kept by process id, outside the shell's own data. */
export function etcdctlTool(session: Session): EtcdctlTool {
  const going = new Map<number, Going>()
  const door: EtcdctlDoor = {
    etcd: () => session.cluster().etcd,
    isUp: () => session.cluster().isUp('etcd'),
    now: session.now,
    fault: session.fault,
  }
  session.onReplace(() => going.clear())

  function end(pid: number): void {
    const { stop } = going.get(pid) ?? {}
    going.delete(pid)
    stop?.()
  }

  const tool = defineTool({
    names: ['etcdctl'],
    step(call) {
      const { pid, memo } = call.process
      if (memo['isStarted'] !== true) {
        const argv = argumentsOf(call)
        const stdin = inputOf(call, argv)
        if (stdin === undefined) return { for: 'input', fd: 0 }
        memo['isStarted'] = true
        const { stdout, stderr, code, follow, everyMs = askMs, stop } = runEtcdctl(argv, door, stdin)
        print(call, stdout)
        complain(call, stderr)
        if (follow === undefined) return code
        going.set(pid, { follow, everyMs, stop })
      }
      const mine = going.get(pid)
      if (mine === undefined) return 130 // a rewind took it away
      const { stdout, stderr = '', code } = mine.follow()
      print(call, stdout)
      complain(call, stderr)
      if (code === undefined) return { for: 'time', until: session.now() + mine.everyMs }
      going.delete(pid)
      return code
    },
    signal(call, name) {
      if (name !== 'INT' && name !== 'TERM') return 'ignored'
      end(call.process.pid)
      return 'default'
    },
  })
  return {
    tool,
    sweep(processes) {
      for (const pid of [...going.keys()]) if (!processes.has(pid)) end(pid)
    },
  }
}

/** What a command reads before it begins; undefined while that has not come. */
function inputOf(call: Call, argv: readonly string[]): string | undefined {
  const line = lineOf(argv)
  if (line === undefined || isOn(line, 'help')) return ''
  const [command] = line.words
  if (command === 'txn') return txnInput(call, isOn(line, 'interactive'))
  return command === 'put' && line.words.length === 2 ? readWhole(call, []) : ''
}

function lineOf(argv: readonly string[]): Line | undefined {
  try {
    return readLine(argv).line
  } catch (error) {
    if (error instanceof EtcdctlError) return undefined // which it will say itself
    throw error
  }
}

/** A transaction is read line by line: whoever types it sees, if they like, which part comes next. */
function txnInput(call: Call, isInteractive: boolean): string | undefined {
  const whole = readWhole(call, [])
  const { memo } = call.process
  const text = whole ?? String(memo['gathered'] ?? '')
  const parts = partsIn(text)
  if (isInteractive) {
    const asked = Math.min(prompts.length, parts + 1)
    for (let next = Number(memo['prompted'] ?? 0); next < asked; next++) print(call, prompts[next]!)
    memo['prompted'] = asked
  }
  return whole ?? (parts === prompts.length ? text : undefined)
}
