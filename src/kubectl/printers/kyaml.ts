import { readPlain } from './yamlScalars.ts'

/** An object in the flow style of `-o kyaml`: braces, quoted strings, commas after every item; keys in their order. */
// upstream: sigs.k8s.io/yaml/kyaml
export function formatKyaml(value: unknown): string {
  return `---\n${render(value, 0)}\n`
}

function render(value: unknown, indent: number): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return renderList(value, indent)
  if (typeof value === 'object') return renderMap(value as Record<string, unknown>, indent)
  return typeof value === 'string' ? renderText(value, indent) : String(value as number)
}

function renderMap(value: Record<string, unknown>, indent: number): string {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined)
  if (keys.length === 0) return '{}'
  const margin = ' '.repeat(indent + 2)
  const lines = keys.map((key) => `${margin}${renderKey(key)}: ${render(value[key], indent + 2)},\n`)
  return `{\n${lines.join('')}${' '.repeat(indent)}}`
}

const renderKey = (key: string): string =>
  /^[A-Za-z_][\w./-]*$/.test(key) && typeof readPlain(key) === 'string' ? key : JSON.stringify(key)

function renderList(value: readonly unknown[], indent: number): string {
  if (value.length === 0) return '[]'
  const isOfObjects = value.every((item) => typeof item === 'object' && item !== null)
  if (isOfObjects) return `[${value.map((item) => render(item, indent)).join(', ')}]`
  const margin = ' '.repeat(indent + 2)
  return `[\n${value.map((item) => `${margin}${render(item, indent + 2)},\n`).join('')}${' '.repeat(indent)}]`
}

// A text of several lines is one quoted string whose line ends are folded away again by the reader.
function renderText(text: string, indent: number): string {
  if (!text.includes('\n')) return JSON.stringify(text)
  const margin = ' '.repeat(indent + 2)
  const lines = text.split('\n')
  const isComplete = lines.at(-1) === ''
  if (isComplete) lines.pop()
  const shown = lines.map((line, index) => {
    const end = index < lines.length - 1 || isComplete ? '\\n' : ''
    const body = JSON.stringify(line).slice(1, -1)
    return `${margin}${/^\s/.test(body) ? '\\' : ' '}${body}${end}\\\n`
  })
  return `"\\\n${shown.join('')}${margin}"`
}
