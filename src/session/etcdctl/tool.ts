import { argumentsOf, complain, defineTool, print, readWhole, type Call, type Tool } from '#engine'
import type { Session } from '../session.ts'
import { runEtcdctl, type EtcdctlDoor, type Followed } from './etcdctl.ts'
import { partsIn, prompts } from './txnText.ts'
import { EtcdctlError, isOn, readLine, type Line } from './words.ts'

/** how often a command that goes on is asked what came */
const askMs = 50

/** etcdctl as a command of the shell. A command that goes on is kept by process id, outside the shell's own data. */
export function etcdctlTool(session: Session): Tool {
  const follows = new Map<number, () => Followed>()
  const door: EtcdctlDoor = {
    etcd: () => session.cluster().etcd,
    isUp: () => session.cluster().isUp('etcd'),
    now: session.now,
    fault: session.fault,
  }
  session.onReplace(() => follows.clear())
  return defineTool({
    names: ['etcdctl'],
    step(call) {
      const { pid, memo } = call.process
      if (memo['isStarted'] !== true) {
        const argv = argumentsOf(call)
        const stdin = inputOf(call, argv)
        if (stdin === undefined) return { for: 'input', fd: 0 }
        memo['isStarted'] = true
        const { stdout, stderr, code, follow } = runEtcdctl(argv, door, stdin)
        print(call, stdout)
        complain(call, stderr)
        if (follow === undefined) return code
        follows.set(pid, follow)
      }
      const follow = follows.get(pid)
      if (follow === undefined) return 130 // a rewind took it away
      const { stdout, stderr = '', code } = follow()
      print(call, stdout)
      complain(call, stderr)
      if (code === undefined) return { for: 'time', until: session.now() + askMs }
      follows.delete(pid)
      return code
    },
    signal(call, name) {
      follows.delete(call.process.pid)
      return name === 'INT' || name === 'TERM' ? 'default' : 'ignored'
    },
  })
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
    return readLine(argv)
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
