const compiled = new Map<string, RegExp>()

/** A shell pattern as an anchored regular expression. Quoted characters come escaped by a backslash. */
export function globExpression(
  pattern: string,
  anchors: 'both' | 'start' | 'end' | 'none' = 'both',
  isLazy = false,
): RegExp {
  const key = `${anchors}${isLazy ? '?' : ''}${pattern}`
  let expression = compiled.get(key)
  if (expression === undefined) {
    const body = translate(pattern, isLazy ? '[^]*?' : '[^]*')
    const start = anchors === 'both' || anchors === 'start' ? '^' : ''
    const end = anchors === 'both' || anchors === 'end' ? '$' : ''
    expression = new RegExp(`${start}(?:${body})${end}`)
    if (compiled.size > 2000) compiled.clear()
    compiled.set(key, expression)
  }
  return expression
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
}

function translate(pattern: string, star: string): string {
  let out = ''
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index]!
    if (char === '\\' && index + 1 < pattern.length) out += escapeExpression(pattern[++index]!)
    else if (char === '*') out += star
    else if (char === '?') out += '[^]'
    else if (char === '[') {
      const end = closing(pattern, index)
      if (end < 0) out += '\\['
      else {
        out += bracket(pattern.slice(index + 1, end))
        index = end
      }
    } else out += escapeExpression(char)
  }
  return out
}

function closing(pattern: string, start: number): number {
  let index = start + 1
  if (pattern[index] === '!' || pattern[index] === '^') index++
  if (pattern[index] === ']') index++
  for (; index < pattern.length; index++) {
    if (pattern.startsWith('[:', index)) index = Math.max(index, pattern.indexOf(':]', index) + 1)
    else if (pattern[index] === ']') return index
  }
  return -1
}

function bracket(inside: string): string {
  const isNegated = inside.startsWith('!') || inside.startsWith('^')
  const body = namedClasses((isNegated ? inside.slice(1) : inside).replace(/[\\\]]/g, '\\$&'))
  return `[${isNegated ? '^' : ''}${body}]`
}

/** `[:digit:]` and its kin inside brackets, for patterns and regular expressions alike. */
export function namedClasses(text: string): string {
  return text.replace(/\[:(\w+):\\?\]/g, (whole, name: string) => classes[name] ?? whole)
}

/** A text that a regular expression takes literally. */
export function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
