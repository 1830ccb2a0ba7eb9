import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { circleFindings } from './tidy/circles.ts'
import { endingFindings, floorFindings } from './tidy/floors.ts'
import { speciesFolders, unlistedFindings, unlistedLessons } from './tidy/lists.ts'
import { readSources } from './tidy/sources.ts'
import type { Finding, Source } from './tidy/sources.ts'
import { actorFindings, impurityFindings, leftoverFindings, lentFindings, machineFindings } from './tidy/words.ts'

const root = resolve(import.meta.dirname, '..')
const doors = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')).imports as Record<string, string>
const src = readSources(root, 'src', /\.(ts|svelte|md)$/)
const code = src.filter(({ path }) => !path.endsWith('.md'))
const below = (...folders: string[]) =>
  code.filter(({ path }) => folders.some((folder) => path.startsWith(`src/${folder}/`)))

describe('the tree', () => {
  test('imports downward only, through doors', { timeout: 60_000 }, () => none(floorFindings(code, doors)))
  test('has no import circles', () => none(circleFindings(code, doors)))
  test('names files in full', () => none(endingFindings([...code, ...readSources(root, 'tests', /\.ts$/)])))
  test('keeps the wall clock, chance, languages and promises out of the engine', () =>
    none(impurityFindings(below('engine'))))
  test('borrows nothing from a browser or Node below the page', () =>
    none(lentFindings(below('kubectl', 'lessons', 'session'))))
  test('has no actors below the page', () => none(actorFindings(below('engine', 'kubectl', 'lessons', 'session'))))
  test.each(speciesFolders)('lists every neighbour in %s', (folder) => none(unlistedFindings(code, folder)))
  test('lists every lesson', () => none(unlistedLessons(src, 'src/lessons/catalog')))
  test('puts nothing off', () => {
    none(
      leftoverFindings(
        ['src', 'tests', 'scripts', 'docs'].flatMap((folder) => readSources(root, folder, /\.(ts|mjs|svelte|md)$/)),
      ),
    )
  })
  test('says nothing of the machine it was made on', () => {
    none(
      machineFindings(
        readSources(root, '.', /\.(ts|mjs|js|json|svelte|md|html|css|ya?ml|txt|svg)$|(^|\/)(run|\.\w+rc)$/),
        root,
      ),
    )
  })
})

describe('the rules', () => {
  test.each<[string, string, string, number]>([
    ['a way down', 'src/kubectl/run.ts', "import { a } from '#engine'", 0],
    ['a way up', 'src/engine/cluster.ts', "import { a } from '#kubectl'", 1],
    ['a way sideways', 'src/kubectl/run.ts', "import type { A } from '#lessons'", 1],
    ['a way past the door', 'src/ui/worker.ts', "import { a } from '../engine/cluster.ts'", 1],
    ['a door to itself', 'src/engine/etcd/etcd.ts', "import { a } from '#engine'", 1],
    ['types of the engine in a lesson', 'src/lessons/play.ts', "import type { A } from '#engine'", 0],
    ['values of the engine in a lesson', 'src/lessons/play.ts', "import { a } from '#engine'", 1],
    [
      'kinds as types in the scheduler',
      'src/engine/scheduler/queue.ts',
      "import type { Pod } from '../kinds/pod.ts'",
      0,
    ],
    ['kinds as values in the scheduler', 'src/engine/scheduler/queue.ts', "import { pod } from '../kinds/pod.ts'", 1],
    ['components that know each other', 'src/engine/node/kubelet.ts', "import { a } from '../scheduler/queue.ts'", 1],
    ['a part of the same room', 'src/engine/node/kubelet/pod.ts', "import { a } from '../proxy/rules.ts'", 0],
    ['an unknown room', 'src/engine/cellar/a.ts', "import { a } from '../sim/clock.ts'", 1],
    ['a package of the page in the engine', 'src/engine/sim/clock.ts', "import { min } from 'd3'", 1],
    ['a package as types', 'src/engine/api/object.ts', "import type { V1Pod } from '@kubernetes/client-node'", 0],
    ['a lazy way up', 'src/engine/cluster.ts', "const a = import('#kubectl')", 1],
    ['Node in the page', 'src/ui/App.svelte', '<script lang="ts">import fs from \'node:fs\'</script>', 1],
  ])('floors: %s', (_, path, text, count) => {
    expect(floorFindings([{ path, text }], doors)).toHaveLength(count)
  })

  test.each<[string, string[], number]>([
    ['two files', ["import { b } from './b.ts'", "import { a } from './a.ts'"], 1],
    ['three files', ["import { b } from './b.ts'", "export * from './c.ts'", "import './a.ts'"], 1],
    ['a type one way', ["import { b } from './b.ts'", "import type { A } from './a.ts'"], 0],
    ['named types one way', ["import { b } from './b.ts'", "import { type A } from './a.ts'"], 0],
    ['a lazy way back', ["import { b } from './b.ts'", "const a = import('./a.ts')"], 0],
    ['a diamond', ["import './b.ts'; import './c.ts'", "import './d.ts'", "import './d.ts'", ''], 0],
  ])('circles: %s', (_, texts, count) => {
    const files = texts.map((text, index) => ({ path: `src/engine/sim/${'abcd'[index]}.ts`, text }))
    expect(circleFindings(files, doors)).toHaveLength(count)
  })

  test.each<[string, number]>([
    ['const now = Date.now()', 1],
    ['const at = new Date(0)', 1],
    ['const key = { Date: 1 }.Date', 0],
    ['type Plain<T> = T extends Date ? string : T', 0],
    ['function f(): Promise<void>', 0],
    ['const f = async () => 1', 1],
    ['for (const a of list) await a', 1],
    ['const n = Math.random()', 1],
    ['names.sort((a, b) => a.localeCompare(b))', 1],
    ['const copy = structuredClone(a)', 1],
    ['const run = (process: Process) => process.exit', 0],
    ['const code = process.exitCode', 1],
    ['const { console } = container', 0],
    ["const text = 'Date.now() and setTimeout' // new Date()", 0],
  ])('purity: %s', (text, count) => {
    expect(impurityFindings([{ path: 'a.ts', text }])).toHaveLength(count)
  })

  test('loans: a timer is one, a promise is none', () => {
    expect(lentFindings([{ path: 'a.ts', text: 'setTimeout(a, 1)\nconst b = Promise.resolve()' }])).toHaveLength(1)
  })

  test.each<[string, number]>([
    ["import { createActor } from 'xstate'", 1],
    ['const a = spawn(child)', 1],
    ['const a = { states: { b: { invoke: { src: c } } } }', 1],
    ['const [next, actions] = transition(chart, state, event)', 0],
  ])('actors: %s', (text, count) => {
    expect(actorFindings([{ path: 'a.ts', text }])).toHaveLength(count)
  })

  test('lists: finds a species that the index forgot, and knows a folder and a helper', () => {
    const files: Source[] = [
      {
        path: 'k/index.ts',
        text: "import { a } from './a.ts'\nimport { pod } from './pod/pod.ts'\nexport const all = [a, pod]",
      },
      { path: 'k/a.ts', text: 'export const a = defineKind({})' },
      { path: 'k/b.ts', text: 'export const bs = [defineKind({})]' },
      { path: 'k/pod/pod.ts', text: 'export const pod = defineKind({})' },
      {
        path: 'k/defineKind.ts',
        text: 'export function defineKind(a) { return a }\nexport const two = () => defineKind({})',
      },
    ]
    expect(unlistedFindings(files, 'k')).toEqual(['k/b.ts: not listed in k/index.ts'])
    expect(unlistedFindings(files.slice(1), 'k')).toHaveLength(1)
  })

  test('lessons: finds one that no index names', () => {
    const lessons = ['l/one/a.md', 'l/one/b.md', 'l/README.md'].map((path) => ({ path, text: '' }))
    const index = { path: 'l/index.ts', text: "import a from './one/a.md?raw'" }
    expect(unlistedLessons([...lessons, index], 'l')).toHaveLength(1)
  })

  test('endings, leftovers and machines are found', () => {
    const one = (text: string): Source[] => [{ path: 'src/a.ts', text }]
    expect(endingFindings(one("import a from './b'\nimport c from './c.js'\nimport d from './d.ts'"))).toHaveLength(2)
    expect(leftoverFindings(one(`// ${'TO'}${'DO'}: later\n// todos`))).toHaveLength(1)
    expect(
      machineFindings(one("run('/build/here/x')\nrun('/build/there')\nrun('/tmp/healthy')"), '/build/here'),
    ).toHaveLength(2)
    expect(machineFindings(one("run('/tmp/healthy')\nrun('/tmp/here/x')"), '/tmp/here')).toHaveLength(1)
    expect(machineFindings(one(`https://registry.${'npmjs'}.org`), '/tmp/here')).toHaveLength(1)
  })
})

function none(findings: Finding[]): void {
  expect(findings).toEqual([])
}
