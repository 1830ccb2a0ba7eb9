import type { Target } from '../../cluster.ts'
import { CommandError, StandardError } from '../../errors.ts'
import type { Pod } from '../../engine.ts'
import { createLogReader, reattachMessage, typingInto } from '../typing.ts'
import type { RunCall } from './index.ts'

/** Waits until a pod runs, and shows what it writes until it ends; gives what it failed with, if it did. */
export function* attachTo(call: RunCall, target: Target): Generator<undefined, StandardError | undefined> {
  const { cluster, io, now, flags, context } = call
  const deadline = now() + flags['pod-running-timeout']
  if (!flags.quiet)
    io.err(
      "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
    )
  const read = createLogReader(io.out, 0)
  let type: (() => void) | undefined
  let attachedTo: string | undefined
  for (;;) {
    const pod = cluster.find<Pod>(target)
    if (pod === undefined) throw new CommandError(`pods "${target.name}" not found`)
    const { phase = 'Pending' } = pod.status
    if (phase !== 'Pending') {
      const container = pod.spec.containers[0]!.name
      const key = `${target.namespace}/${target.name}`
      type ??= typingInto(call, key, container)
      type()
      const answer = context.nodes?.logs(key, container, { previous: false })
      if (answer !== undefined && 'lines' in answer) {
        attachedTo ??= answer.id
        const isSame = answer.id === attachedTo
        if (isSame) read(answer)
        if (pod.spec.restartPolicy === 'Always' && (answer.isComplete || !isSame)) {
          io.out(reattachMessage(call, pod, container))
          return undefined
        }
      }
      if (phase === 'Succeeded' || phase === 'Failed') return failureOf(pod)
    } else if (now() >= deadline) throw new CommandError('timed out waiting for the condition')
    yield
  }
}

// upstream: kubectl/pkg/cmd/run/run.go Run
function failureOf({ metadata, status }: Pod): StandardError | undefined {
  const ended = status.containerStatuses?.[0]?.state?.terminated
  const pod = `pod ${metadata.namespace}/${metadata.name}`
  if (status.phase !== 'Failed') return undefined
  if (!ended?.exitCode) return new StandardError(`error: ${pod} failed with unknown exit code`)
  const { exitCode, reason = '', message } = ended
  return new StandardError(`${pod} terminated (${reason})${message ? `\n${message.replace(/\n$/, '')}` : ''}`, exitCode)
}
