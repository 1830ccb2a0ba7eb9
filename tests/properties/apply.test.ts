import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEqual } from '../../src/engine/api/index.ts'
import { bareServer, type Bare, type Thing } from '../golden/api/server.ts'

const runs = process.env['DRYDOCK_LONG'] ? 1_000 : 15

type Fields = { readonly [element: string]: Fields }

interface Entry {
  readonly manager: string
  readonly operation: string
  readonly fieldsV1: Fields
}

interface Live extends Thing {
  readonly metadata: Thing['metadata'] & { readonly managedFields?: readonly Entry[]; readonly resourceVersion: string }
}

const path = '/apis/apps/v1/namespaces/default/deployments/web'

const name = fc.constantFrom('a', 'b', 'c')
const env = fc.uniqueArray(fc.record({ name, value: fc.constantFrom('1', '2') }), {
  selector: (one) => one.name,
  maxLength: 3,
})
const ports = fc.uniqueArray(
  fc.record({ containerPort: fc.integer({ min: 1, max: 3 }), protocol: fc.constantFrom('TCP', 'UDP') }),
  {
    selector: (one) => `${one.containerPort}${one.protocol}`,
    maxLength: 3,
  },
)
const container = fc.record(
  {
    name: fc.constantFrom('web', 'side'),
    image: fc.constantFrom('x:1', 'x:2'),
    env,
    ports,
    args: fc.array(name, { maxLength: 2 }),
  },
  { requiredKeys: ['name', 'image'] },
)
const config = fc
  .record(
    {
      replicas: fc.integer({ min: 0, max: 3 }),
      containers: fc.uniqueArray(container, { selector: (one) => one.name, minLength: 1, maxLength: 2 }),
      labels: fc.dictionary(name, fc.constantFrom('x', 'y'), { maxKeys: 2, noNullPrototype: true }),
      finalizers: fc.uniqueArray(fc.constantFrom('e.com/a', 'e.com/b'), { maxLength: 2 }),
      nodeSelector: fc.dictionary(name, name, { maxKeys: 2, noNullPrototype: true }),
    },
    { requiredKeys: ['containers'] },
  )
  .map(({ replicas, containers, labels, finalizers, nodeSelector }) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', ...(labels && { labels }), ...(finalizers && { finalizers }) },
    spec: {
      ...(replicas !== undefined && { replicas }),
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers, ...(nodeSelector && { nodeSelector }) },
      },
    },
  }))

const step = fc.record({ manager: fc.constantFrom('one', 'two', 'three'), config })
const steps = fc.array(step, { minLength: 1, maxLength: 5 })

const apply = (bare: Bare, manager: string, body: unknown, isForced = true) =>
  bare.send(
    'PATCH',
    `${path}?fieldManager=${manager}${isForced ? '&force=true' : ''}`,
    body,
    'application/apply-patch+yaml',
  )

const live = (bare: Bare): Live => bare.send('GET', path).body as Live

const entryOf = (object: Live, manager: string): Entry | undefined =>
  object.metadata.managedFields?.find((entry) => entry.manager === manager)

/** The value at a path of a set of fields; undefined where there is none. */
function valueAt(object: unknown, path: readonly string[]): unknown {
  let at = object
  for (const element of path) {
    if (element.startsWith('f:')) at = (at as Record<string, unknown> | undefined)?.[element.slice(2)]
    else if (!Array.isArray(at)) return undefined
    else if (element.startsWith('v:')) at = at.find((item) => JSON.stringify(item) === element.slice(2)) as unknown
    else {
      const key = Object.entries(JSON.parse(element.slice(2)) as object)
      at = at.find((item) =>
        key.every(([field, wanted]) => (item as Record<string, unknown>)[field] === wanted),
      ) as unknown
    }
    if (at === undefined) return undefined
  }
  return at
}

function leavesOf(fields: Fields, path: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(fields).flatMap(([element, inner]) =>
    element === '.' ? [] : Object.keys(inner).length === 0 ? [[...path, element]] : leavesOf(inner, [...path, element]),
  )
}

function played(run: readonly { manager: string; config: unknown }[]): Bare {
  const bare = bareServer()
  for (const { manager, config: body } of run) {
    bare.sim.advanceTo(bare.sim.now() + 1000)
    const answer = apply(bare, manager, body)
    // who lost the image of a container that another one still names cannot let go of it
    if (answer.code !== 422) expect(answer.code, JSON.stringify(answer.body)).toBeLessThan(300)
  }
  return bare
}

test('what is applied twice changes nothing', () => {
  fc.assert(
    fc.property(steps, (run) => {
      const bare = played(run)
      const { manager, config: body } = run[run.length - 1]!
      fc.pre(apply(bare, manager, body).code === 200)
      const before = live(bare)
      bare.sim.advanceTo(bare.sim.now() + 5000)
      expect(apply(bare, manager, body, false).body).toEqual(before)
    }),
    { numRuns: runs },
  )
})

test('what is owned is there, as its last owner applied it', () => {
  fc.assert(
    fc.property(steps, (run) => {
      const bare = played(run)
      const last = run[run.length - 1]!
      fc.pre(apply(bare, last.manager, last.config).code === 200)
      const object = live(bare)
      for (const { fieldsV1 } of object.metadata.managedFields ?? [])
        for (const leaf of leavesOf(fieldsV1)) {
          const isEmpty = ['f:args', 'f:labels', 'f:nodeSelector'].includes(leaf[leaf.length - 1]!)
          if (!isEmpty) expect(valueAt(object, leaf), leaf.join(' ')).toBeDefined()
        }
      for (const leaf of leavesOf(entryOf(object, last.manager)!.fieldsV1)) {
        const wanted = valueAt(last.config, leaf)
        if (typeof wanted !== 'object') expect(valueAt(object, leaf), leaf.join(' ')).toEqual(wanted)
      }
    }),
    { numRuns: runs },
  )
})

test('an apply with force takes ownership, and one without is refused where it would', () => {
  fc.assert(
    fc.property(steps, step, (run, more) => {
      const bare = played(run)
      const before = live(bare)
      const gentle = apply(bare, 'fourth', more.config, false)
      const isContested = gentle.code === 409
      if (isContested) expect(live(bare)).toEqual(before)
      const forced = apply(bare, 'fourth', more.config)
      fc.pre(forced.code === 200)
      const object = forced.body as Live
      for (const leaf of leavesOf(entryOf(object, 'fourth')!.fieldsV1)) {
        if (isEqual(valueAt(object, leaf), valueAt(before, leaf))) continue // the order of an atomic map's keys says nothing
        for (const { manager, fieldsV1 } of object.metadata.managedFields ?? [])
          if (manager !== 'fourth') expect(leavesOf(fieldsV1).map(String)).not.toContain(String(leaf))
      }
    }),
    { numRuns: runs },
  )
})

test('a field goes with its last owner', () => {
  fc.assert(
    fc.property(steps, (run) => {
      const bare = played(run)
      const { config: body } = run[run.length - 1]!
      const bareConfig = { ...body, metadata: { name: 'web' } }
      for (const manager of ['one', 'two', 'three'])
        if (entryOf(live(bare), manager) !== undefined) fc.pre(apply(bare, manager, bareConfig).code === 200)
      const { labels, finalizers } = live(bare).metadata as { labels?: object; finalizers?: unknown }
      expect([labels, finalizers]).toEqual([undefined, undefined])
    }),
    { numRuns: runs },
  )
})
