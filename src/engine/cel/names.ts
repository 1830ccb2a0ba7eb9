const words: Readonly<Record<string, string>> = { underscores: '__', dot: '.', dash: '-', slash: '/' }

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

/** The name of a property as an expression writes it; undefined if it cannot be written. */
// upstream: staging/src/k8s.io/apiserver/pkg/cel/escaping.go
export function escapeName(name: string): string | undefined {
  if (name === '' || /^\d/.test(name)) return undefined
  if (reserved.has(name)) return `__${name}__`
  const escaped = name.replace(/__|[./-]/g, (part) =>
    part === '__' ? '__underscores__' : part === '.' ? '__dot__' : part === '-' ? '__dash__' : '__slash__',
  )
  return /^[A-Za-z_]\w*$/.test(escaped) ? escaped : undefined
}

/** The property that an expression's name stands for. */
export function unescapeName(name: string): string {
  if (!name.includes('__')) return name
  return name.replace(
    /__(underscores|dot|dash|slash|[a-z]+)__/g,
    (whole, word: string) => words[word] ?? (reserved.has(word) ? word : whole),
  )
}

/** Types that an expression can name. */
export const typeNames: ReadonlySet<string> = new Set([
  'int',
  'uint',
  'double',
  'bool',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
])
