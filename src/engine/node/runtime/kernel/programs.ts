import { resolvePath, type FileNode } from './files.ts'
import type { Kernel } from './host.ts'

/** What a command's name leads to. */
export type Found =
  | { readonly outcome: 'program'; readonly program: string; readonly path: string }
  | { readonly outcome: 'script'; readonly interpreter: readonly string[]; readonly path: string }
  | { readonly outcome: 'missing' | 'denied' | 'directory' }

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Finds a command: by path, or by name along PATH. */
export function findProgram(kernel: Kernel, name: string, cwd: string, searchPath: string | undefined): Found {
  if (name.includes('/')) return programAt(kernel, resolvePath(cwd, name))
  if (name === '') return { outcome: 'missing' }
  for (const folder of (searchPath ?? defaultPath).split(':')) {
    const found = programAt(kernel, resolvePath(cwd, `${folder}/${name}`))
    if (found.outcome === 'program' || found.outcome === 'script') return found
  }
  return { outcome: 'missing' }
}

function programAt(kernel: Kernel, path: string): Found {
  const node = kernel.host.files(kernel).find(path)
  if (node === undefined) return { outcome: 'missing' }
  if (node.kind === 'directory') return { outcome: 'directory' }
  if (node.kind !== 'file' || !isExecutable(node)) return { outcome: 'denied' }
  if (node.program !== undefined) return { outcome: 'program', program: node.program, path }
  const shebang = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(node.text)
  const interpreter = shebang ? [shebang[1]!, ...(shebang[2] ? [shebang[2]] : [])] : ['/bin/sh']
  return { outcome: 'script', interpreter, path }
}

function isExecutable(node: Extract<FileNode, { kind: 'file' }>): boolean {
  return (node.mode & 0o111) !== 0
}

/** What runs a command that an open image does not tell of: its last word on stage is a server, everything else ends well at once. */
export function unknownProgram(group: number, isMain: boolean): string {
  return group === 0 && isMain ? 'unknown' : 'unknown-tool'
}
