import { resolvePath, type Files } from '../kernel/files.ts'
import type { Call } from '../kernel/tool.ts'
import type { ExpansionHost } from './expand.ts'
import { globExpression } from './glob.ts'

/** The paths that a shell pattern matches, sorted, in the form the pattern has: relative patterns give relative paths. */
export function matchPaths(pattern: string, cwd: string, files: Files): readonly string[] {
  const isAbsolute = pattern.startsWith('/')
  const parts = pattern.split('/').filter((part) => part !== '')
  let found: string[] = [isAbsolute ? '/' : '']
  parts.forEach((part, index) => {
    const isLast = index === parts.length - 1
    found = found.flatMap((base) => step(base, part, isLast, cwd, files))
  })
  return found.sort()
}

function step(base: string, part: string, isLast: boolean, cwd: string, files: Files): string[] {
  const join = (name: string): string => (base === '' ? name : base === '/' ? `/${name}` : `${base}/${name}`)
  if (!/[*?[]/.test(part)) {
    const path = join(part.replace(/\\(.)/g, '$1'))
    return files.find(resolvePath(cwd, path)) ? [path] : []
  }
  const expression = globExpression(part)
  const names = files.list(resolvePath(cwd, base === '' ? '.' : base)) ?? []
  return names
    .filter((name) => expression.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .map(join)
    .filter((path) => isLast || files.find(resolvePath(cwd, path))?.kind === 'directory')
}

/** What expansion asks of its surroundings: the paths that a pattern matches from where the process stands. */
export function expansionHost(call: Call): ExpansionHost {
  return { paths: (pattern) => matchPaths(pattern, call.process.cwd, call.kernel.host.files(call.kernel)) }
}
