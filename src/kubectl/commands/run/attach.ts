import type { Target } from '../../cluster.ts'
import { CommandError, StandardError } from '../../errors.ts'
import type { Pod } from '../../engine.ts'
import type { RunCall } from './index.ts'

/** Waits until a pod runs, and shows what it writes until it ends; gives what it failed with, if it did. */
// differs: nothing is typed into the container after it has started; its standard input is what the command was given
export function* attachTo(call: RunCall, target: Target): Generator<undefined, StandardError | undefined> {
  const { cluster, io, now, flags, context } = call
  const deadline = now() + flags['pod-running-timeout']
  if (!flags.quiet)
    io.err(
      "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
    )
  let shown = 0
  for (;;) {
    const pod = cluster.find<Pod>(target)
    if (pod === undefined) throw new CommandError(`pods "${target.name}" not found`)
    const { phase = 'Pending' } = pod.status
    if (phase !== 'Pending') {
      const answer = context.nodes?.logs(`${target.namespace}/${target.name}`, pod.spec.containers[0]!.name, {
        previous: false,
      })
      if (answer !== undefined && 'lines' in answer) {
        const from = answer.from ?? 0
        for (const { text } of answer.lines.slice(Math.max(0, shown - from))) io.out(`${text}\n`)
        shown = from + answer.lines.length
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
