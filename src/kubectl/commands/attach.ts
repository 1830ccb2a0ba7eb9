import { bool, duration, text } from '../args/flags.ts'
import { files } from '../args/shared.ts'
import { defineCommand, type Waiting } from '../defineCommand.ts'
import { CommandError, UsageError } from '../errors.ts'
import { badRequest } from '../engine.ts'
import { chooseContainer, keyOf, podFor } from './containers.ts'
import { needHost, noDoor } from './exec.ts'
import { demandDoor } from './doors.ts'
import { createLogReader, reattachMessage, typingInto } from './typing.ts'

/** Attach to a running container. */
// differs: a prompt that was written before is shown
export const attach = defineCommand({
  name: 'attach',
  usage: 'attach (POD | TYPE/NAME) -c CONTAINER',
  summary: 'Attach to a running container',
  completes: 'pods',
  flags: {
    ...files,
    container: text('The container', '', { short: 'c' }),
    'pod-running-timeout': duration('How long to wait until a pod runs', 60_000),
    quiet: bool('Say nothing of kubectl', false, { short: 'q' }),
    stdin: bool('Hand on standard input', false, { short: 'i' }),
    tty: bool('Standard input is a terminal', false, { short: 't' }),
  },
  *run(call): Waiting {
    const { cluster, io, args, flags, context } = call
    const [word] = args
    if (word === undefined) throw new CommandError('at least 1 argument is required for attach')
    if (args.length > 2)
      throw new UsageError(
        'expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ' + `${args.length}: ${args.join(' ')}`,
      )
    const pod = podFor(cluster, io, args.length === 2 ? args.join('/') : word)
    const container = chooseContainer(pod, flags.container, io, flags.quiet)
    if (!flags.quiet)
      io.err(
        "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
      )
    demandDoor(cluster, pod, 'attach')
    needHost(pod)
    if (context.nodes === undefined) throw noDoor()
    const type = typingInto(call, keyOf(pod), container)
    let read: ReturnType<typeof createLogReader> | undefined
    let attachedTo: string | undefined
    for (;;) {
      type()
      const answer = context.nodes.logs(keyOf(pod), container, { previous: false })
      if ('error' in answer) throw badRequest(answer.error)
      attachedTo ??= answer.id
      // another id: the one that was meant has ended, and was started anew
      const isSame = answer.id === attachedTo
      read ??= createLogReader(io.out, (answer.from ?? 0) + answer.lines.length)
      if (isSame) read(answer)
      if (answer.isComplete || !isSame) {
        io.out(reattachMessage(call, pod, container))
        return 0
      }
      yield
    }
  },
})
