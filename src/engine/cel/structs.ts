/**
 * The expression with its objects as maps: `Object.spec{replicas: 1}` becomes `{"replicas": 1}`. The parser knows no objects, and
 * what a mutation builds ends as JSON all the same.
 */
export function withoutStructs(expression: string): string {
  let result = ''
  let at = 0
  while (at < expression.length) {
    const text = /^(?:r|b|rb|br)?("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/i.exec(
      expression.slice(at),
    )
    if (text !== null) {
      result += text[0]
      at += text[0].length
      continue
    }
    const struct = /^(?:Object(?:\.\w+)*|JSONPatch)\s*\{/.exec(expression.slice(at))
    if (struct === null || /[\w.]/.test(expression[at - 1] ?? '')) {
      result += expression[at++]!
      continue
    }
    const start = at + struct[0].length
    const end = closing(expression, start)
    result += `{${fields(expression.slice(start, end))}}`
    at = end + 1
  }
  return result
}

/** Fields with their names as texts. */
function fields(body: string): string {
  return split(body)
    .map((field) => field.replace(/^(\s*)([A-Za-z_]\w*)(\s*):/, '$1"$2"$3:'))
    .map(withValue)
    .join(',')
}

function withValue(field: string): string {
  const colon = /^\s*"[^"]*"\s*:/.exec(field)?.[0].length ?? 0
  if (colon === 0) return withoutStructs(field)
  return `${field.slice(0, colon)} dyn(${withoutStructs(field.slice(colon))})` // fields are of different types
}

function closing(text: string, from: number): number {
  let found = text.length
  scan(text, from, (char, depth, at) => {
    if (char !== '}' || depth !== -1) return false
    found = at
    return true
  })
  return found
}

function split(text: string): readonly string[] {
  const parts: string[] = []
  let from = 0
  scan(text, 0, (char, depth, at) => {
    if (char === ',' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
    return false
  })
  return [...parts, text.slice(from)].filter((part) => part.trim() !== '')
}

/** Goes through what is no text, with the depth of brackets; ends when `visit` says so. */
function scan(text: string, from: number, visit: (char: string, depth: number, at: number) => boolean): void {
  let depth = 0
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const char = text[at]!
    if (quote !== '') {
      if (char === '\\') at++
      else if (char === quote) quote = ''
      continue
    }
    if (char === '"' || char === "'") quote = char
    else if ('([{'.includes(char)) depth++
    else if (')]}'.includes(char)) depth--
    if (quote === '' && visit(char, depth, at)) return
  }
}
