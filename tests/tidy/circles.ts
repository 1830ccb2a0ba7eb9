import { importsOf, resolveImport } from './sources.ts'
import type { Finding, Source } from './sources.ts'

/** Groups of files that need each other to be loaded first. Types are erased and `import()` comes later: neither counts. */
export function circleFindings(sources: Source[], doors: Record<string, string>): Finding[] {
  const known = new Set(sources.map(({ path }) => path))
  const graph = new Map(sources.map((source) => [source.path, loadedBy(source, known, doors)]))
  return circlesOf(graph).map((circle) => `import circle: ${circle.join(' → ')}`)
}

function loadedBy(source: Source, known: Set<string>, doors: Record<string, string>): string[] {
  return importsOf(source)
    .filter(({ isType, isLazy }) => !isType && !isLazy)
    .map(({ specifier }) => resolveImport(source.path, specifier, doors))
    .filter((path): path is string => path !== undefined && known.has(path))
}

/** One circle for each back edge that a depth-first walk meets, each as the files in the order they import each other. */
function circlesOf(graph: Map<string, string[]>): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  const trail: string[] = []
  const visit = (path: string): void => {
    const start = trail.indexOf(path)
    if (start >= 0) circles.push([...trail.slice(start), path])
    if (start >= 0 || done.has(path)) return
    trail.push(path)
    for (const next of graph.get(path) ?? []) visit(next)
    trail.pop()
    done.add(path)
  }
  for (const path of graph.keys()) visit(path)
  return circles
}
