import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEqual } from '../../src/engine/api/index.ts'
import { jsonPatch } from '../../src/engine/apiserver/patch/json.ts'
import { mergePatch } from '../../src/engine/apiserver/patch/merge.ts'
import { strategicPatch } from '../../src/engine/apiserver/patch/strategic.ts'
import { threeWayMergePatch, threeWayPatch } from '../../src/kubectl/patch/threeWay.ts'

const runs = process.env['DRYDOCK_LONG'] ? 20_000 : 500

type Json = Readonly<Record<string, unknown>>

const name = fc.constantFrom('a', 'b', 'c', 'd')
const scalar = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('x', 'y', ''), fc.boolean())

/** Values without null, which merge patches cannot write. */
const value: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any
const object = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<Json>

/** The merge patch that leads from one object to another. */
function mergeDiff(from: Json, to: Json): Json {
  const patch: Record<string, unknown> = {}
  for (const key of Object.keys(from)) if (!(key in to)) patch[key] = null
  for (const [key, wanted] of Object.entries(to)) {
    const now = from[key]
    if (isEqual(now, wanted)) continue
    patch[key] = isMap(now) && isMap(wanted) ? mergeDiff(now, wanted) : wanted
  }
  return patch
}

const isMap = (one: unknown): one is Json => typeof one === 'object' && one !== null && !Array.isArray(one)

/** The operations that lead from one value to another. */
function operations(from: unknown, to: unknown, path = ''): readonly object[] {
  if (isEqual(from, to)) return []
  if (!isMap(from) || !isMap(to)) return [{ op: 'replace', path, value: to }]
  const gone = Object.keys(from).filter((key) => !(key in to))
  return [
    ...gone.map((key) => ({ op: 'remove', path: `${path}/${key}` })),
    ...Object.entries(to).flatMap(([key, wanted]) =>
      key in from
        ? operations(from[key], wanted, `${path}/${key}`)
        : [{ op: 'add', path: `${path}/${key}`, value: wanted }],
    ),
  ]
}

test('the merge patch of a difference gives the target', () => {
  fc.assert(
    fc.property(object, object, (from, to) => {
      expect(mergePatch(from, mergeDiff(from, to))).toEqual(to)
    }),
    { numRuns: runs },
  )
})

test('a merge patch applied twice is a merge patch applied once', () => {
  fc.assert(
    fc.property(object, object, (from, patch) => {
      const once = mergePatch(from, patch)
      expect(mergePatch(once, patch)).toEqual(once)
    }),
    { numRuns: runs },
  )
})

test('the operations of a difference give the target, and leave the source alone', () => {
  fc.assert(
    fc.property(object, object, (from, to) => {
      const before = JSON.stringify(from)
      expect(jsonPatch(from, operations(from, to))).toEqual(to)
      expect(JSON.stringify(from)).toBe(before)
    }),
    { numRuns: runs },
  )
})

test('what a test operation finds is there', () => {
  fc.assert(
    fc.property(object, name, (from, key) => {
      fc.pre(key in from)
      expect(jsonPatch(from, [{ op: 'test', path: `/${key}`, value: from[key] }])).toEqual(from)
    }),
    { numRuns: runs },
  )
})

// Pod specs whose lists are merged by name, by port, or replaced whole

const image = fc.constantFrom('nginx:1', 'nginx:2', 'busybox')
const byName = <T extends { name: string }>(items: fc.Arbitrary<T>) =>
  fc.uniqueArray(items, { selector: ({ name: own }) => own, maxLength: 4 })
const env = byName(fc.record({ name, value: fc.constantFrom('1', '2') }))
const ports = fc.uniqueArray(
  fc.record({ containerPort: fc.integer({ min: 1, max: 5 }), name }, { requiredKeys: ['containerPort'] }),
  {
    selector: ({ containerPort }) => containerPort,
    maxLength: 3,
  },
)
const container = fc.record(
  { name, image, env, ports, args: fc.array(name, { maxLength: 2 }), workingDir: name },
  { requiredKeys: ['name', 'image'] },
)
const labels = fc.dictionary(name, fc.constantFrom('x', 'y'), { maxKeys: 3, noNullPrototype: true })
const spec = fc.record(
  {
    containers: byName(container),
    nodeSelector: labels,
    tolerations: fc.array(fc.record({ key: name }), { maxLength: 2 }),
    finalizers: fc.uniqueArray(name),
    nodeName: name,
  },
  { requiredKeys: ['containers'] },
)

const podOf = ({ finalizers, ...rest }: Json & { finalizers?: readonly string[] }, own: Json): Json => ({
  metadata: { labels: own, ...(finalizers !== undefined && { finalizers }) },
  spec: rest,
})
const pod = fc.tuple(spec, labels).map(([one, own]) => podOf(one, own))

/** Lists that are merged have no order of their own; what is empty is not there. */
function settled(one: unknown): unknown {
  if (Array.isArray(one)) {
    const items = one.map(settled)
    const isKeyed = items.every((item) => isMap(item) && ('name' in item || 'containerPort' in item))
    return isKeyed || items.every((item) => typeof item === 'string') ? sorted(items) : items
  }
  if (!isMap(one)) return one
  const entries = Object.entries(one).map(([key, inner]) => [key, settled(inner)] as const)
  return Object.fromEntries(entries.filter(([, inner]) => !isBare(inner)).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const sorted = (items: readonly unknown[]): readonly unknown[] =>
  [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

const isBare = (one: unknown): boolean => typeof one === 'object' && one !== null && Object.keys(one).length === 0

test('what kubectl apply sends makes the live object the new manifest, where nobody else touched it', () => {
  fc.assert(
    fc.property(pod, pod, (first, second) => {
      const patch = threeWayPatch('Pod', first, second, first)
      expect(settled(strategicPatch('Pod', first, patch))).toEqual(settled(second))
    }),
    { numRuns: runs },
  )
})

test('and it sends nothing where nothing changed, but for the order of values that are not sorted', () => {
  fc.assert(
    fc.property(pod, (one) => {
      const { finalizers } = one['metadata'] as { finalizers?: readonly string[] }
      const isSorted =
        finalizers === undefined || finalizers.every((value, index) => value === sorted(finalizers)[index])
      const order = { metadata: { '$setElementOrder/finalizers': finalizers } }
      expect(threeWayPatch('Pod', one, one, one)).toEqual(isSorted ? {} : order)
    }),
    { numRuns: runs },
  )
})

test('for what no schema is known of it is a merge patch', () => {
  fc.assert(
    fc.property(object, object, (first, second) => {
      const patch = threeWayMergePatch(first, second, first)
      expect(mergePatch(first, patch)).toEqual(second)
    }),
    { numRuns: runs },
  )
})
