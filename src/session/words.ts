/**
 * The words of a command line, as a POSIX shell splits them: quotes, backslashes, adjacent parts.
 * No expansion happens: a transcript's line means what it says. Throws for a quote that is never closed.
 */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  for (let index = 0; index < line.length; index++) {
    const char = line[index]!
    if (char === "'" || char === '"') {
      const [text, end] = quoted(line, index)
      word = (word ?? '') + text
      index = end
    } else if (char === '\\') {
      index++
      if (line[index] !== '\n') word = (word ?? '') + (line[index] ?? '')
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  if (word !== undefined) words.push(word)
  return words
}

/** The text of a quoted part that begins at `start`, and where its closing quote is. */
function quoted(line: string, start: number): [text: string, end: number] {
  const quote = line[start]
  let text = ''
  for (let index = start + 1; index < line.length; index++) {
    const char = line[index]!
    if (char === quote) return [text, index]
    const next = line[index + 1] ?? ''
    if (quote === '"' && char === '\\' && '"\\$`\n'.includes(next)) {
      index++
      text += next === '\n' ? '' : next
    } else text += char
  }
  throw new SyntaxError(`unterminated quote in: ${line}`)
}
