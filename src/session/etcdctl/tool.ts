import { argumentsOf, complain, defineTool, print, type Tool } from '#engine'
import type { Session } from '../session.ts'
import { runEtcdctl, type EtcdctlDoor } from './etcdctl.ts'

/** how often a watch is asked what came */
const askMs = 50

/** etcdctl as a command of the shell. A running watch is kept by process id, outside the shell's own data. */
export function etcdctlTool(session: Session): Tool {
  const follows = new Map<number, () => string>()
  const door: EtcdctlDoor = {
    etcd: () => session.cluster().etcd,
    isUp: () => session.cluster().isUp('etcd'),
    fault: session.fault,
  }
  session.onReplace(() => follows.clear())
  return defineTool({
    names: ['etcdctl'],
    step(call) {
      const { pid, memo } = call.process
      if (memo['isStarted'] !== true) {
        memo['isStarted'] = true
        const { stdout, stderr, code, follow } = runEtcdctl(argumentsOf(call), door)
        print(call, stdout)
        complain(call, stderr)
        if (follow === undefined) return code
        follows.set(pid, follow)
      }
      const follow = follows.get(pid)
      if (follow === undefined) return 130 // a rewind took it away
      print(call, follow())
      return { for: 'time', until: session.now() + askMs }
    },
    signal(call, name) {
      follows.delete(call.process.pid)
      return name === 'INT' || name === 'TERM' ? 'default' : 'ignored'
    },
  })
}
