import type { KubeObject, Pod } from '../../../src/engine/api/index.ts'

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
      if (kind === 'ControllerRevision') meetRevision(object)
      if (kind === 'Job') meetScheduled(object)
      const { generateName, name } = metadata
      if (!generateName || tokens.has(name)) return
      const base = clean(generateName)
      if (kind === 'Pod' && !isNumbered(object)) learn(name, `${base}<${placeOf(object, next)}>`)
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

  /** A CronJob's Jobs are called after their minute. */
  function meetScheduled({ metadata }: KubeObject): void {
    const owner = metadata.ownerReferences?.find(({ kind }) => kind === 'CronJob')
    if (owner && !tokens.has(metadata.name))
      learn(metadata.name, `${owner.name}-<minute${next(`minute ${owner.name}`)}>`)
  }

  function meetRevision({ metadata }: KubeObject): void {
    const labels = metadata.labels ?? {}
    const hash = labels['controller.kubernetes.io/hash'] ?? labels['controller-revision-hash']
    if (hash === undefined || tokens.has(hash)) return
    learn(hash, `<rev${next(`revision ${metadata.ownerReferences?.[0]?.name}`)}>`)
  }

  function meetSet({ metadata }: KubeObject): void {
    const hash = metadata.labels?.['pod-template-hash']
    if (hash === undefined || tokens.has(hash)) return
    learn(hash, `<hash${next('hash')}>`)
  }
}

function isNumbered({ metadata }: KubeObject): boolean {
  return metadata.ownerReferences?.some(({ kind }) => kind === 'StatefulSet') ?? false
}

/** A DaemonSet's pods are called after their node, all others by a number. */
function placeOf(object: KubeObject, next: (series: string) => number): string {
  const { metadata, spec } = object as Pod
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  const node = metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet')
    ? terms?.[0]?.matchFields?.[0]?.values?.[0]
    : undefined
  return node === undefined ? `p${next(metadata.generateName!)}` : `${node}${next(`${metadata.generateName}${node}`)}`
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
