import type { KubeObject } from '../../../src/engine/api/index.ts'

/** Replaces what is random by what the recordings call it, in the order in which things were made. */
export interface Names {
  /** Takes note of a new object. */
  readonly meet: (object: KubeObject) => void
  /** A text with all random parts replaced. */
  readonly clean: (text: string) => string
  /** The real name behind a recorded one. */
  readonly real: (name: string) => string
}

export function createNames(): Names {
  const tokens = new Map<string, string>()
  const counters = new Map<string, number>()
  let pattern: RegExp | undefined

  function learn(real: string, token: string): void {
    if (tokens.has(real)) return
    tokens.set(real, token)
    pattern = undefined
  }

  function next(series: string): number {
    const count = (counters.get(series) ?? 0) + 1
    counters.set(series, count)
    return count
  }

  function clean(text: string): string {
    if (tokens.size === 0) return text
    pattern ??= new RegExp(
      [...tokens.keys()]
        .sort((a, b) => b.length - a.length)
        .map(escape)
        .join('|'),
      'g',
    )
    return text.replace(pattern, (found) => tokens.get(found)!)
  }

  return {
    meet(object) {
      const { kind, metadata } = object
      if (kind === 'ReplicaSet') meetSet(object)
      const { generateName, name } = metadata
      if (!generateName || tokens.has(name)) return
      const base = clean(generateName)
      if (kind === 'Pod') learn(name, `${base}<p${next(base)}>`)
      if (kind === 'EndpointSlice') learn(name, `${base}<s${next(`slice ${base}`)}>`)
    },
    clean,
    real(name) {
      for (const [real, token] of tokens) if (token === name) return real
      let text = name
      for (const [real, token] of tokens) text = text.replaceAll(token, real)
      return text
    },
  }

  function meetSet({ metadata }: KubeObject): void {
    const hash = metadata.labels?.['pod-template-hash']
    if (hash === undefined || tokens.has(hash)) return
    learn(hash, `<hash${next('hash')}>`)
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
