/** Splits a line into words as a shell does: quotes, backslashes; no variables, pipes or globs. */
export function splitWords(line: string): string[] {
  const words: string[] = []
  const shape = /\s*((?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+)/gy
  for (const [, word = ''] of line.matchAll(shape))
    words.push(word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs, unquote))
  return words
}

function unquote(
  _: string,
  single: string | undefined,
  double: string | undefined,
  escaped: string | undefined,
): string {
  return single ?? double?.replace(/\\([\\"$`])/g, '$1') ?? escaped ?? ''
}
