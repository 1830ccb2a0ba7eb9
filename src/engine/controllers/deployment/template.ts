import { safeEncode, type Deployment } from '../../api/index.ts'
import { hash32 } from '../../sim/index.ts'

export const hashLabel = 'pod-template-hash'

type Template = Deployment['spec']['template'] | undefined

// Templates are frozen and stay the same objects through status writes, so their texts can be remembered.
const texts = new WeakMap<object, string>()

/** A template as text, the same for equal templates, without the label that tells ReplicaSets apart. */
export function textOf(template: Template): string {
  if (template === undefined) return ''
  let text = texts.get(template)
  if (text === undefined) texts.set(template, (text = canonical(withoutHash(template))))
  return text
}

/**
 * What a ReplicaSet's name ends with.
 * differs: upstream hashes Go's own dump of the template, so the letters differ from those of a real cluster; the rule is the same.
 */
export function hashOf(template: Template, collisionCount: number | undefined): string {
  return safeEncode(String(hash32(`${textOf(template)}${collisionCount ?? ''}`)))
}

function withoutHash(template: NonNullable<Template>): unknown {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {}
  const { creationTimestamp: __, ...metadata } = (template.metadata ?? {}) as Record<string, unknown>
  return { ...template, metadata: { ...metadata, labels } }
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const record = value as Record<string, unknown>
  let fields = ''
  for (const key of Object.keys(record).sort())
    if (!isNothing(key, record[key])) fields += `${fields && ','}${key}:${canonical(record[key])}`
  return `{${fields}}`
}

// upstream compares semantically: an empty map or list is as good as none, an empty struct (`emptyDir: {}`) is not
const maps: ReadonlySet<string> = new Set([
  'labels',
  'annotations',
  'nodeSelector',
  'matchLabels',
  'limits',
  'requests',
])

function isNothing(key: string, value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  return maps.has(key) && Object.keys(value).length === 0
}
