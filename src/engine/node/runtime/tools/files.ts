import { argumentsOf, complain, filesOf, isBusybox, parseOptions, pathOf, print } from '../kernel/io.ts'
import { parentOf, type FileError, type FileNode } from '../kernel/files.ts'
import { defineTool, type Call } from '../kernel/tool.ts'

/** Makes files, or renews their time. */
export const touch = defineTool({
  names: ['touch'],
  step: (call) =>
    each(call, parseOptions(argumentsOf(call), ['d', 't', 'r']).operands, (path, operand) => {
      const error = filesOf(call).write(path, '', true)
      return (
        error &&
        (isBusybox(call) ? `touch: ${operand}: ${error.error}` : `touch: cannot touch '${operand}': ${error.error}`)
      )
    }),
})

/** Removes files; with -r directories too. */
export const rm = defineTool({
  names: ['rm', 'unlink'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call))
    const files = filesOf(call)
    return each(call, operands, (path, operand) => {
      const node = files.findLink(path)
      if (node === undefined && flags.f) return undefined
      const isTree = flags.r === true || flags.R === true || flags.recursive === true
      const error =
        node?.kind === 'directory' && !isTree
          ? { error: isBusybox(call) ? 'is a directory' : 'Is a directory' }
          : files.remove(path)
      if (!error) return undefined
      return isBusybox(call)
        ? `rm: ${node?.kind === 'directory' && !isTree ? `'${operand}' ${error.error}` : `can't remove '${operand}': ${error.error}`}`
        : `rm: cannot remove '${operand}': ${error.error}`
    })
  },
})

/** Removes empty directories. */
export const rmdir = defineTool({
  names: ['rmdir'],
  step: (call) =>
    each(call, parseOptions(argumentsOf(call)).operands, (path, operand) => {
      const names = filesOf(call).list(path)
      const error =
        names === undefined
          ? { error: 'No such file or directory' }
          : names.length > 0
            ? { error: 'Directory not empty' }
            : filesOf(call).remove(path)
      return (
        error &&
        (isBusybox(call)
          ? `rmdir: '${operand}': ${error.error}`
          : `rmdir: failed to remove '${operand}': ${error.error}`)
      )
    }),
})

/** Makes directories; with -p those above them too. */
export const mkdir = defineTool({
  names: ['mkdir'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['m'])
    return each(call, operands, (path, operand) => {
      const error = flags.p ? makeAll(call, path) : filesOf(call).makeDirectory(path)
      return (
        error &&
        (isBusybox(call)
          ? `mkdir: can't create directory '${operand}': ${error.error}`
          : `mkdir: cannot create directory '${operand}': ${error.error}`)
      )
    })
  },
})

function makeAll(call: Call, path: string): FileError | undefined {
  const files = filesOf(call)
  const node = files.find(path)
  if (node) return node.kind === 'directory' ? undefined : { error: 'File exists' }
  return makeAll(call, parentOf(path)) ?? files.makeDirectory(path)
}

/** Copies files and trees. */
export const cp = defineTool({
  names: ['cp', 'install'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['t'])
    return transfer(call, operands, (from, to, operand) =>
      copyTree(call, from, to, operand, flags.r === true || flags.R === true || flags.a === true),
    )
  },
})

/** Moves or renames. */
export const mv = defineTool({
  names: ['mv'],
  step(call) {
    const files = filesOf(call)
    return transfer(call, parseOptions(argumentsOf(call)).operands, (from, to, operand) => {
      if (files.findLink(from) === undefined) return cannot(call, operand, 'No such file or directory')
      const failed = moveTree(call, from, to)
      if (failed !== undefined) return failed
      const kept = files.remove(from)
      return kept && cannot(call, operand, kept.error)
    })
  },
})

function cannot(call: Call, operand: string, error: string): string {
  const [name] = call.process.argv
  if (isBusybox(call))
    return name === 'mv' ? `mv: can't rename '${operand}': ${error}` : `${name}: can't stat '${operand}': ${error}`
  return `${name}: cannot stat '${operand}': ${error}`
}

function transfer(
  call: Call,
  operands: readonly string[],
  move: (from: string, to: string, operand: string) => string | undefined,
): number {
  const target = operands.at(-1)
  if (operands.length < 2 || target === undefined) {
    complain(call, `${call.process.argv[0]}: missing file operand\n`)
    return 1
  }
  const into = pathOf(call, target)
  const isDirectory = filesOf(call).find(into)?.kind === 'directory'
  return each(call, operands.slice(0, -1), (path, operand) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    return move(path, isDirectory ? `${into === '/' ? '' : into}/${name}` : into, operand)
  })
}

function copyTree(call: Call, from: string, to: string, operand: string, isDeep: boolean): string | undefined {
  const files = filesOf(call)
  const node = files.find(from)
  if (node === undefined) return cannot(call, operand, 'No such file or directory')
  if (node.kind === 'directory') {
    if (!isDeep)
      return isBusybox(call)
        ? `cp: omitting directory '${operand}'`
        : `cp: -r not specified; omitting directory '${operand}'`
    if (!files.find(to)) files.makeDirectory(to)
    for (const name of files.list(from) ?? []) copyTree(call, `${from}/${name}`, `${to}/${name}`, operand, true)
    return undefined
  }
  const error = node.kind === 'file' ? files.write(to, node.text, false, options(node)) : undefined
  return (
    error &&
    (isBusybox(call)
      ? `cp: can't create '${to}': ${error.error}`
      : `cp: cannot create regular file '${to}': ${error.error}`)
  )
}

function options(node: Extract<FileNode, { kind: 'file' }>): { mode: number; size?: number; program?: string } {
  const { mode, size, program } = node
  return { mode, ...(size === undefined ? {} : { size }), ...(program === undefined ? {} : { program }) }
}

function moveTree(call: Call, from: string, to: string): string | undefined {
  const files = filesOf(call)
  const node = files.findLink(from)
  if (node === undefined) return undefined
  if (to === from || to.startsWith(`${from === '/' ? '' : from}/`))
    return isBusybox(call)
      ? `mv: can't rename '${from}': Invalid argument`
      : `mv: cannot move '${from}' to a subdirectory of itself, '${to}'`
  const names = node.kind === 'directory' ? files.list(from) : undefined
  const error = files.place(to, node)
  if (error)
    return isBusybox(call)
      ? `mv: can't rename '${from}': ${error.error}`
      : `mv: cannot move '${from}' to '${to}': ${error.error}`
  for (const name of names ?? []) moveTree(call, `${from}/${name}`, `${to}/${name}`)
  return undefined
}

/** Links one path to another. */
export const ln = defineTool({
  names: ['ln'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call))
    const files = filesOf(call)
    const [target, name] = operands
    if (target === undefined) return 1
    const place = pathOf(call, name ?? target.slice(target.lastIndexOf('/') + 1))
    const path =
      files.find(place)?.kind === 'directory' && !flags.n
        ? `${place}/${target.slice(target.lastIndexOf('/') + 1)}`
        : place
    if (flags.f && files.findLink(path)) files.remove(path)
    const error = flags.s ? files.makeLink(path, target) : copyTree(call, pathOf(call, target), path, target, false)
    if (!error) return 0
    complain(
      call,
      `ln: failed to create link '${name ?? target}': ${typeof error === 'string' ? error : error.error}\n`,
    )
    return 1
  },
})

/** Changes permissions. */
export const chmod = defineTool({
  names: ['chmod'],
  step(call) {
    const [mode, ...operands] = argumentsOf(call).filter((word) => !/^-[RfvcH]+$/.test(word))
    const files = filesOf(call)
    return each(call, operands, (path, operand) => {
      const node = files.find(path)
      if (node === undefined)
        return isBusybox(call)
          ? `chmod: ${operand}: No such file or directory`
          : `chmod: cannot access '${operand}': No such file or directory`
      if (node.kind === 'link') return undefined
      const error = files.place(path, { ...node, mode: newMode(mode ?? '', node.mode) })
      return error && `chmod: ${operand}: ${error.error}`
    })
  },
})

function newMode(text: string, old: number): number {
  if (/^[0-7]+$/.test(text)) return Number.parseInt(text, 8)
  let mode = old
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause)
    if (!match) continue
    const who = match[1] === '' || match[1]!.includes('a') ? 'ugo' : match[1]!
    const bits =
      (match[3]!.includes('r') ? 4 : 0) | (match[3]!.includes('w') ? 2 : 0) | (/[xX]/.test(match[3]!) ? 1 : 0)
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (!who.includes(letter)) continue
      if (match[2] === '=') mode &= ~(7 << shift)
      mode = match[2] === '-' ? mode & ~(bits << shift) : mode | (bits << shift)
    }
  }
  return mode
}

/** Changes owners: accepted, and of no consequence. */
export const chown = defineTool({ names: ['chown', 'chgrp', 'sync', 'mknod'], step: () => 0 })

/** Makes a file or directory of a new name and prints it. */
export const mktemp = defineTool({
  names: ['mktemp'],
  step(call) {
    const { flags } = parseOptions(argumentsOf(call), ['p', 't'])
    const { host } = call.kernel
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ'
    const name = `/tmp/tmp.${Array.from({ length: 6 }, () => letters[host.random(letters.length)]).join('')}`
    const error = flags.d ? filesOf(call).makeDirectory(name) : filesOf(call).write(name, '', false)
    if (error) complain(call, `mktemp: ${name}: ${error.error}\n`)
    else print(call, `${name}\n`)
    return error ? 1 : 0
  },
})

function each(
  call: Call,
  operands: readonly string[],
  act: (path: string, operand: string) => string | undefined,
): number {
  let status = 0
  for (const operand of operands) {
    const complaint = act(pathOf(call, operand), operand)
    if (complaint === undefined) continue
    complain(call, `${complaint}\n`)
    status = 1
  }
  return status
}
