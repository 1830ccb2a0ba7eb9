/** What is still open at the end of a shell text; undefined where the text is whole. */
export type Unfinished = 'quote' | 'backslash' | 'hereDocument'

interface HereDocument {
  readonly end: string
  readonly isIndented: boolean
}

/** Whether a shell would ask for another line: an open quote, a last backslash, a here-document without its end. */
export function unfinishedPart(text: string): Unfinished | undefined {
  const lines = text.split('\n')
  let quote = ''
  for (let at = 0; at < lines.length; at += 1) {
    const read = readLine(lines[at] ?? '', quote)
    quote = read.quote
    for (const { end, isIndented } of read.hereDocuments) {
      do at += 1
      while (at < lines.length && (isIndented ? lines[at]?.replace(/^\t+/, '') : lines[at]) !== end)
      if (at >= lines.length) return 'hereDocument'
    }
    if (at === lines.length - 1 && read.isContinued) return 'backslash'
  }
  return quote ? 'quote' : undefined
}

function readLine(
  line: string,
  openQuote: string,
): { quote: string; isContinued: boolean; hereDocuments: readonly HereDocument[] } {
  const hereDocuments: HereDocument[] = []
  let quote = openQuote
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? ''
    if (quote) {
      if (char === quote) quote = ''
      else if (char === '\\' && quote === '"') at += 1
    } else if (char === '\\') {
      if (at === line.length - 1) return { quote, isContinued: true, hereDocuments }
      at += 1
    } else if (char === '"' || char === "'") quote = char
    else if (char === '#' && (at === 0 || /[\s;|&(]/.test(line[at - 1] ?? ''))) break
    else if (line.startsWith('<<<', at)) at += 2
    else if (line.startsWith('<<', at)) {
      const word = /^<<(-?)[ \t]*(?:"([^"]+)"|'([^']+)'|\\?([^\s;|&<>()"']+))/.exec(line.slice(at))
      if (!word) continue
      hereDocuments.push({ end: word[2] ?? word[3] ?? word[4] ?? '', isIndented: word[1] === '-' })
      at += word[0].length - 1
    }
  }
  return { quote, isContinued: false, hereDocuments }
}

/** What a tab is called while a command runs in it: `logs · web`. */
export function titleOf(line: string): string | undefined {
  const words = line.trim().split(/\s+/)
  if (words[0] !== 'kubectl' && words[0] !== 'k') return undefined
  const isFollowing = words.some((word) => /^(-f|-w|--follow|--watch)(=true)?$/.test(word))
  if (!isFollowing) return undefined
  const plain = words.slice(2).filter((word) => !word.startsWith('-'))
  return [words[1] ?? '', ...plain.slice(0, 1)].filter(Boolean).join(' · ')
}

/** The commands that a terminal knows, by what they are for; a test runs each. */
export const helpCommands: readonly (readonly [string, readonly string[]])[] = [
  ['the cluster', ['kubectl', 'drydock', 'etcdctl']],
  ['files', ['cat', 'ls', 'echo', 'mkdir', 'rm', 'cp', 'mv', 'tee']],
  ['texts', ['grep', 'sed', 'awk', 'head', 'tail', 'sort', 'uniq', 'wc', 'cut', 'tr']],
  ['time', ['date', 'sleep']],
  ['this shell', ['clear', 'history', 'exit', 'help']],
]

/** What `help` answers. */
export const helpText = [
  ...helpCommands.map(([title, names]) => `${title.padEnd(13)}${names.join('  ')}\n`),
  'Pipes, loops, variables and here-documents work. Tab completes, Ctrl-R searches what was typed, Ctrl-C stops.\n',
  'More: kubectl help, drydock help, kubectl explain pods.spec\n',
].join('')
