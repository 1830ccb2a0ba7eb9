import { importsOf, resolveImport } from './sources.ts'
import type { Finding, Import, Source } from './sources.ts'

/** What a part of the tree may import: other parts by value, others by type alone, and packages. */
interface Part {
  values: readonly string[]
  types: readonly string[]
}

/** Who may import whom (`STYLE`: "An arrow reads 'may import'"). Floors are entered by their doors only. */
const floors: Record<string, Part & { packages: readonly RegExp[] }> = {
  engine: {
    values: [],
    types: [],
    packages: [/^xstate$/, /^pure-rand(\/|$)/, /^croner$/, /^@marcbachmann\/cel-js$/, /^re2js$/, /^unbash$/],
  },
  kubectl: { values: ['engine'], types: [], packages: [/^yaml$/] },
  lessons: { values: [], types: ['engine'], packages: [/^yaml$/, /^@marcbachmann\/cel-js$/] },
  session: { values: ['engine', 'kubectl', 'lessons'], types: [], packages: [] },
  headless: { values: ['engine', 'kubectl', 'lessons', 'session', 'descriptions'], types: [], packages: [/./] },
  ui: { values: ['engine', 'kubectl', 'lessons', 'session', 'descriptions'], types: [], packages: [/^(?!node:)/] },
}

/** The engine's own rooms; the files beside `cluster.ts` wire them and may see all. */
const rooms: Record<string, Part> = {
  sim: { values: [], types: [] },
  generated: { values: [], types: ['api'] },
  api: { values: ['sim', 'generated'], types: [] },
  cel: { values: ['api', 'sim'], types: [] },
  kinds: { values: ['cel', 'api', 'sim'], types: [] },
  etcd: { values: ['sim'], types: [] },
  apiserver: { values: ['etcd', 'kinds', 'cel', 'api', 'sim'], types: [] },
  addOns: { values: ['api', 'sim'], types: ['kinds'] },
  client: { values: ['api', 'sim'], types: [] },
  scheduler: { values: ['client', 'cel', 'api', 'sim'], types: ['kinds'] },
  autoscaler: { values: ['scheduler', 'client', 'api', 'sim'], types: [] },
  descheduler: { values: ['scheduler', 'client', 'api', 'sim'], types: [] },
  controllers: { values: ['client', 'api', 'sim'], types: ['kinds'] },
  node: { values: ['client', 'api', 'sim'], types: ['kinds'] },
}

/** What a `#` import stands for, by its target's path. */
function floorOf(path: string): string | undefined {
  if (path === 'src/engine/generated/descriptions.ts') return 'descriptions'
  const [top, floor] = path.split('/')
  return top === 'src' ? floor : undefined
}

/** The engine's room of a file: a folder below `src/engine`, or '' for the files that wire them. */
function roomOf(path: string): string | undefined {
  const parts = path.split('/')
  if (parts[0] !== 'src' || parts[1] !== 'engine') return undefined
  return parts.length > 3 ? parts[2] : ''
}

/** Imports that go upward or sideways, past a door, or to a package that the floor does without. */
export function floorFindings(sources: Source[], doors: Record<string, string>): Finding[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap((one) => {
      const complaint = complaintAbout(source.path, one, doors)
      return complaint ? [`${source.path}: '${one.specifier}': ${complaint}`] : []
    }),
  )
}

function complaintAbout(path: string, one: Import, doors: Record<string, string>): string | undefined {
  const from = floorOf(path) ?? ''
  const floor = floors[from]
  if (!floor) return `${from || path} is no floor; see tests/tidy/floors.ts`
  const target = resolveImport(path, one.specifier, doors)
  if (target === undefined) return packageComplaint(from, one, floor.packages)
  const to = floorOf(target)
  if (to === from) return roomComplaint(path, target, one)
  if (to === 'descriptions' && path.startsWith('src/engine/generated/')) return undefined
  if (!one.specifier.startsWith('#'))
    return 'another floor is entered by its door (#engine, #kubectl, #lessons, #session)'
  if (to !== undefined && floor.values.includes(to)) return undefined
  if (to !== undefined && floor.types.includes(to))
    return one.isType ? undefined : `${from} takes only types from ${to}`
  return `${from} may not import ${to}`
}

function packageComplaint(from: string, one: Import, packages: readonly RegExp[]): string | undefined {
  if (one.specifier.startsWith('#')) return 'no such door in package.json'
  if (one.isType || packages.some((pattern) => pattern.test(one.specifier))) return undefined
  return `${from} does without this package`
}

function roomComplaint(path: string, target: string, one: Import): string | undefined {
  if (one.specifier.startsWith('#')) return 'within a floor, paths are relative'
  const from = roomOf(path)
  const to = roomOf(target)
  if (from === undefined || to === undefined || from === '' || from === to) return undefined
  const room = rooms[from]
  if (!room) return `${from} is no room of the engine; see tests/tidy/floors.ts`
  if (room.values.includes(to)) return undefined
  if (room.types.includes(to)) return one.isType ? undefined : `${from} takes only types from ${to}`
  return `${from} may not import ${to || 'the files that wire the engine'}`
}

/** Relative imports that leave out how the file's name ends. */
export function endingFindings(sources: Source[]): Finding[] {
  return sources.flatMap((source) =>
    importsOf(source)
      .filter(
        ({ specifier }) =>
          specifier.startsWith('.') && !/\.(ts|mjs|svelte|css|json|md|svg|yaml)(\?\w+)?$/.test(specifier),
      )
      .map(({ specifier }) => `${source.path}: '${specifier}' should name its file in full`),
  )
}
