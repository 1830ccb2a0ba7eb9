import type { ContainerInput, Io, Keyboard, KubectlContext, LogAnswer } from '../context.ts'
import type { Pod } from '../engine.ts'

const ctrlC = '\x03'

/** Hands on what was typed; where the input is a terminal of the container's own, Ctrl-C interrupts what runs there. */
export function handOn(keyboard: Keyboard, input: ContainerInput, isTerminal: boolean): void {
  const { text, isEnd } = keyboard.take()
  const parts = isTerminal ? text.split(ctrlC) : [text]
  for (const [index, part] of parts.entries()) {
    if (index > 0) input.signal('INT')
    if (part !== '') input.write(part)
  }
  if (isEnd) input.write('', true)
}

/** The commands that stay with a container's main process. */
interface Attaching {
  readonly io: Io
  readonly context: KubectlContext
  readonly flags: { readonly stdin: boolean; readonly tty: boolean; readonly quiet: boolean }
}

/** Hands on what is typed to a container's main process, each time it is called; nothing without `-i`. */
export function typingInto({ io, context, flags }: Attaching, pod: string, container: string): () => void {
  const { keyboard } = io
  if (!flags.stdin || keyboard === undefined) return () => {}
  keyboard.claim(flags.tty)
  return () => {
    const input = context.nodes?.attach(pod, container)
    if (input !== undefined) handOn(keyboard, input, flags.tty)
  }
}

/** What is said when a container ended at whose terminal somebody sat, and which is started again. */
// upstream: kubectl/pkg/cmd/attach/attach.go reattachMessage
export function reattachMessage({ io, flags }: Attaching, { metadata, spec }: Pod, container: string): string {
  if (flags.quiet || !flags.stdin || !flags.tty || io.keyboard === undefined || spec.restartPolicy !== 'Always')
    return ''
  const command = `kubectl attach ${metadata.name} -c ${container} -i -t`
  return (spec.ephemeralContainers ?? []).some(({ name }) => name === container)
    ? `Session ended, the ephemeral container will not be restarted but may be reattached using '${command}' if it is still running\n`
    : `Session ended, resume using '${command}' command when the pod is running\n`
}

/** Shows what a container's main process writes from `shown` lines on, a prompt at once and not with the end of its line. */
export function createLogReader(
  write: (text: string) => void,
  shown: number,
): (answer: Extract<LogAnswer, { readonly lines: unknown }>) => void {
  let next = shown
  /** what is on the screen of the line that is being written */
  let begun = ''
  /** a line's end that has nothing behind it yet: a log closes its last line, a terminal leaves it as it was */
  let owed = ''
  return ({ lines, from = 0, unfinished = '' }) => {
    for (const { text } of lines.slice(Math.max(0, next - from))) {
      const more = rest(text)
      write(owed + more)
      const isClosedOnly = more === '' && begun !== ''
      owed = isClosedOnly ? '\n' : ''
      if (!isClosedOnly) write('\n')
      begun = ''
    }
    next = from + lines.length
    const more = rest(unfinished)
    if (more !== '') {
      write(owed + more)
      owed = ''
    }
    begun = unfinished
  }

  function rest(text: string): string {
    return text.startsWith(begun) ? text.slice(begun.length) : text
  }
}
