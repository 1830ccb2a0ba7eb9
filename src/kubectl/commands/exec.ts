import { bool, duration, text } from '../args/flags.ts'
import { files } from '../args/shared.ts'
import { defineCommand, type Waiting } from '../defineCommand.ts'
import { CommandError, Exit, UsageError } from '../errors.ts'
import type { Pod } from '../engine.ts'
import { chooseContainer, keyOf, podFor } from './containers.ts'
import { demandDoor } from './doors.ts'
import { handOn } from './typing.ts'

/** Execute a command in a container. */
export const exec = defineCommand({
  name: 'exec',
  usage: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  summary: 'Execute a command in a container',
  examples: ['kubectl exec web -- date', 'kubectl exec deploy/web -c nginx -- ls /'],
  completes: 'pods',
  flags: {
    ...files,
    container: text('The container', '', { short: 'c' }),
    'pod-running-timeout': duration('How long to wait until a pod runs', 60_000),
    quiet: bool('Say nothing of kubectl', false, { short: 'q' }),
    stdin: bool('Hand on standard input', false, { short: 'i' }),
    tty: bool('Standard input is a terminal', false, { short: 't' }),
  },
  *run({ cluster, io, args, dash, flags, context }): Waiting {
    if (dash < 0 && args.length > 1)
      throw new UsageError('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead')
    const [word] = dash < 0 ? args : args.slice(0, dash)
    if (word === undefined) throw new CommandError('pod, type/name or --filename must be specified')
    const command = dash < 0 ? [] : args.slice(dash)
    if (command.length === 0) throw new CommandError('you must specify at least one command for the container')
    const pod = podFor(cluster, io, word)
    const { phase } = pod.status
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`)
    const container = chooseContainer(pod, flags.container, io, flags.quiet)
    demandDoor(cluster, pod, 'exec')
    needHost(pod)
    if (context.nodes === undefined) throw noDoor()
    const keyboard = flags.stdin ? io.keyboard : undefined
    const isTerminal = keyboard !== undefined && flags.tty
    keyboard?.claim(isTerminal)
    const input = { text: io.stdin ?? '', isOpen: keyboard !== undefined, isTerminal }
    const handle = context.nodes.exec(keyOf(pod), container, command, flags.stdin ? input : undefined)
    try {
      for (;;) {
        if (keyboard !== undefined) handOn(keyboard, handle, isTerminal)
        const { stdout, stderr } = handle.take()
        if (stdout !== '') io.out(stdout)
        if (stderr !== '') io.err(stderr)
        const end = handle.ended()
        if (end === undefined) {
          yield
          continue
        }
        if (end.error !== undefined) throw new CommandError(end.error, end.code)
        if (end.code !== 0) {
          io.err(`command terminated with exit code ${end.code}\n`)
          throw new Exit(end.code)
        }
        return 0
      }
    } finally {
      handle.stop()
    }
  },
})

/** Nothing can be said to a pod that has no node yet. */
export function needHost({ metadata, spec }: Pod): void {
  if (!spec.nodeName)
    throw new CommandError(`unable to upgrade connection: pod ${metadata.name} does not have a host assigned`)
}

/** For clusters whose nodes nobody can be reached on. */
export function noDoor(): CommandError {
  return new CommandError('error dialing backend: no node of this cluster runs containers')
}
