import { argumentsOf, complain, filesOf, isBusybox, parseOptions, pathOf, print, surroundingsOf } from '../kernel/io.ts'
import type { FileNode } from '../kernel/files.ts'
import { defineTool, type Call } from '../kernel/tool.ts'
import { formatDate } from './date.ts'

/** Lists files. */
export const ls = defineTool({
  names: ['ls', 'dir'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call))
    const files = filesOf(call)
    const given = operands.length === 0 ? ['.'] : operands
    let status = 0
    const found = given.filter((operand) => {
      if (files.findLink(pathOf(call, operand))) return true
      complain(
        call,
        isBusybox(call)
          ? `ls: ${operand}: No such file or directory\n`
          : `ls: cannot access '${operand}': No such file or directory\n`,
      )
      status = isBusybox(call) ? 1 : 2
      return false
    })
    const isDirectory = (operand: string): boolean =>
      !flags.d && files.find(pathOf(call, operand))?.kind === 'directory'
    const plain = found.filter((operand) => !isDirectory(operand))
    if (plain.length > 0)
      print(
        call,
        lines(
          call,
          plain.map((operand) => [operand, files.findLink(pathOf(call, operand))!]),
          flags,
        ),
      )
    found.filter(isDirectory).forEach((operand, index) => {
      if (given.length > 1) print(call, `${index > 0 || plain.length > 0 ? '\n' : ''}${operand}:\n`)
      listDirectory(call, pathOf(call, operand), flags)
    })
    return status
  },
})

type Flags = Readonly<Record<string, string | true>>

function listDirectory(call: Call, path: string, flags: Flags): void {
  const files = filesOf(call)
  const names = (files.list(path) ?? []).filter((name) => flags.a || flags.A || !name.startsWith('.'))
  const all = flags.a ? ['.', '..', ...names] : names
  const entries = all.map((name): [string, FileNode] => [
    name,
    files.findLink(name === '.' ? path : `${path === '/' ? '' : path}/${name}`) ?? {
      kind: 'directory',
      mode: 0o755,
      at: 0,
    },
  ])
  if (flags.l) print(call, `total ${entries.reduce((sum, [, node]) => sum + Math.ceil(sizeOf(node) / 4096) * 4, 0)}\n`)
  print(call, lines(call, flags.t ? entries.sort(([, a], [, b]) => b.at - a.at) : entries, flags))
}

function lines(call: Call, entries: readonly (readonly [string, FileNode])[], flags: Flags): string {
  if (!flags.l) return entries.map(([name]) => `${name}\n`).join('')
  const width = Math.max(1, ...entries.map(([, node]) => String(sizeOf(node)).length))
  const { uid, name: user } = surroundingsOf(call).user
  const owner = flags.n
    ? `${uid} ${uid}`
    : uid === 0
      ? isBusybox(call)
        ? 'root     root    '
        : 'root root'
      : `${user} ${user}`
  return entries
    .map(([name, node]) => {
      const size = isBusybox(call) ? String(sizeOf(node)).padStart(10) : String(sizeOf(node)).padStart(width)
      const arrow = node.kind === 'link' ? ` -> ${node.target}` : ''
      const links = node.kind === 'directory' ? 2 : 1
      return `${modeText(node)} ${isBusybox(call) ? String(links).padStart(4) : links} ${owner} ${size} ${formatDate(node.at, '%b %e %H:%M')} ${name}${arrow}\n`
    })
    .join('')
}

/** Bytes of a file; what directories and links usually have. */
export function sizeOf(node: FileNode): number {
  if (node.kind === 'file') return node.size ?? node.text.length
  return node.kind === 'directory' ? 4096 : node.target.length
}

/** `-rw-r--r--` */
export function modeText(node: FileNode): string {
  if (node.kind === 'link') return 'lrwxrwxrwx'
  const bits = [6, 3, 0].map((shift) => {
    const three = (node.mode >> shift) & 7
    return `${three & 4 ? 'r' : '-'}${three & 2 ? 'w' : '-'}${three & 1 ? 'x' : '-'}`
  })
  return `${node.kind === 'directory' ? 'd' : '-'}${bits.join('')}`
}
