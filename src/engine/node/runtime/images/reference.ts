/** An image reference taken apart, as containerd names it in full. */
export interface Reference {
  /** `docker.io/library/nginx` */
  readonly repository: string
  readonly tag: string | undefined
  readonly digest: string | undefined
  /** `docker.io/library/nginx:latest` */
  readonly full: string
}

const known = new Map<string, Reference | string>()

/** Reads a reference; a text says what is wrong with it. */
export function parseReference(image: string): Reference | string {
  let parsed = known.get(image)
  if (parsed === undefined) {
    parsed = parse(image)
    if (known.size > 5000) known.clear()
    known.set(image, parsed)
  }
  return parsed
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const domain = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\\d+)?'
const shape = new RegExp(
  `^((?:${domain}/)?${component}(?:/${component})*)(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,}))?$`,
)

function parse(image: string): Reference | string {
  const match = shape.exec(image)
  if (!match) return complaint(image)
  const repository = fullRepository(match[1]!)
  if (/[A-Z]/.test(repository.slice(repository.indexOf('/')))) return complaint(image)
  const digest = match[3]
  const tag = match[2] ?? (digest === undefined ? 'latest' : undefined)
  const full = `${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
  return Object.freeze({ repository, tag, digest, full })
}

function fullRepository(name: string): string {
  const slash = name.indexOf('/')
  const host = slash < 0 ? '' : name.slice(0, slash)
  const isHost = host.includes('.') || host.includes(':') || host === 'localhost'
  if (!isHost) return `docker.io/${slash < 0 ? 'library/' : ''}${name}`
  const path = name.slice(slash + 1)
  if (host === 'docker.io' || host === 'index.docker.io')
    return `docker.io/${path.includes('/') ? '' : 'library/'}${path}`
  return name
}

function complaint(image: string): string {
  const upper = /^([\w./-]*[A-Z][\w./-]*?)(?::[\w.-]+)?$/.exec(image)
  if (!upper) return 'invalid reference format'
  const path = fullRepository(upper[1]!).split('/').slice(1).join('/')
  return `invalid reference format: repository name (${path}) must be lowercase`
}

/** Whether two names differ by one or two slips of the finger: a letter more, less, other, or two swapped. */
export function isMisspelling(name: string, of: string): boolean {
  if (name === of || Math.abs(name.length - of.length) > 2) return false
  const allowed = of.length <= 4 ? 1 : 2
  return distance(name, of) <= allowed
}

function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let value = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, before[j - 2]! + 1)
      next.push(value)
    }
    before = row
    row = next
  }
  return row[b.length]!
}
