/** One command of a transcript, with what it printed. */
export interface Step {
  readonly line: number
  readonly words: string
  readonly stdin?: string
  readonly stdout: readonly Expected[]
  readonly stderr: readonly Expected[]
  /** the standard output does not end in a newline */
  readonly isOpen: boolean
  readonly code: number | 'interrupted'
}

/** A printed line; one that is not truth may be any line, or none. */
export interface Expected {
  readonly text: string
  readonly isLoose: boolean
}

/** What happens in a transcript, in order. */
export type Entry =
  | { readonly type: 'file'; readonly name: string; readonly text: string }
  | { readonly type: 'settle' }
  | { readonly type: 'run'; readonly step: Step; readonly interruptS?: number }
  | { readonly type: 'start'; readonly name: string; readonly step: Step }
  | { readonly type: 'collect'; readonly name: string; readonly step: Step }

/** Reads a transcript. See golden/kubectl/README.md for its format. */
export function readTranscript(text: string): readonly Entry[] {
  const lines = text.split('\n')
  const entries: Entry[] = []
  let stdin: string | undefined
  let interruptS: number | undefined
  let background: string | undefined
  let at = 0
  const block = (): string => {
    const start = at
    while (lines[at] !== '@end') at++
    return lines
      .slice(start, at++)
      .map((line) => `${line}\n`)
      .join('')
  }
  while (at < lines.length) {
    const line = lines[at++]!
    const [word, argument = ''] = line.split(' ')
    if (word === '@file') entries.push({ type: 'file', name: argument, text: block() })
    else if (word === '@stdin') stdin = block()
    else if (word === '@settle') entries.push({ type: 'settle' })
    else if (word === '@interrupt') interruptS = Number(argument)
    else if (word === '@background') background = argument
    else if (word === '@collect') {
      const { step, next } = readOutput(lines, at, { line: at, words: '' })
      entries.push({ type: 'collect', name: argument, step })
      at = next
    } else if (word === '$') {
      const { step, next } = readOutput(lines, at, {
        line: at,
        words: line.slice(2),
        ...(stdin !== undefined && { stdin }),
      })
      at = next
      if (background === undefined) entries.push({ type: 'run', step, ...(interruptS !== undefined && { interruptS }) })
      else entries.push({ type: 'start', name: background, step })
      stdin = interruptS = background = undefined
    }
  }
  return entries
}

function readOutput(
  lines: readonly string[],
  from: number,
  head: Pick<Step, 'line' | 'words' | 'stdin'>,
): { step: Step; next: number } {
  const stdout: Expected[] = []
  const stderr: Expected[] = []
  let isOpen = false
  let code: Step['code'] = 0
  let at = from
  for (; at < lines.length; at++) {
    const line = lines[at]!
    const match = /^(~?)([|!])(?: (.*))?$/.exec(line)
    if (match) (match[2] === '|' ? stdout : stderr).push({ text: match[3] ?? '', isLoose: match[1] === '~' })
    else if (line === '\\') isOpen = true
    else if (line.startsWith('= ')) code = line === '= interrupted' ? 'interrupted' : Number(line.slice(2))
    else break
  }
  return { step: { ...head, stdout, stderr, isOpen, code }, next: at }
}
