import { release, setDescriptor } from '../kernel/descriptors.ts'
import { descriptorsOf, open, retain } from '../kernel/handles.ts'
import { complain, filesOf, isFileError, pathOf } from '../kernel/io.ts'
import type { Call } from '../kernel/tool.ts'
import type { Redirect } from './code.ts'
import { lineOf, openWords, shellPrefix } from './complaints.ts'
import { expandText } from './expand.ts'
import type { ShellState } from './shellState.ts'

/** Opens files and copies descriptors; false, with a complaint, when one cannot be opened. */
export function redirect(call: Call, shell: ShellState, redirects: readonly Redirect[]): boolean {
  return redirects.every((one) => {
    const text = expandText(one.target, shell)
    const { kernel, process } = call
    switch (one.operator) {
      case '<<':
      case '<<<':
        setDescriptor(
          kernel,
          process,
          one.fd,
          open(kernel.state, { kind: 'text', text: one.operator === '<<<' ? `${text}\n` : text, offset: 0, refs: 1 }),
        )
        return true
      case '<&':
      case '>&':
        return copyDescriptor(call, shell, one, text)
      case '&>':
      case '&>>': {
        if (!openFile(call, shell, one.operator === '&>' ? '>' : '>>', 1, text)) return false
        return copyDescriptor(call, shell, { ...one, fd: 2 }, '1')
      }
      default:
        return openFile(call, shell, one.operator, one.fd, text)
    }
  })
}

function copyDescriptor(call: Call, shell: ShellState, one: Redirect, text: string): boolean {
  const { kernel, process } = call
  if (text === '-') {
    const fds = descriptorsOf(kernel.state, process)
    const old = fds.get(one.fd)
    fds.delete(one.fd)
    if (old !== undefined) release(kernel, old)
    return true
  }
  if (!/^\d+$/.test(text))
    return openFile(call, shell, '>', 1, text) && copyDescriptor(call, shell, { ...one, fd: 2 }, '1')
  const id = descriptorsOf(kernel.state, process).get(Number(text))
  if (id === undefined) {
    complain(call, `${shellPrefix(shell, 1)}${text}: Bad file descriptor\n`)
    return false
  }
  retain(kernel.state, id)
  setDescriptor(kernel, process, one.fd, id)
  return true
}

function openFile(call: Call, shell: ShellState, operator: string, fd: number, name: string): boolean {
  const { kernel, process } = call
  const { state } = kernel
  const path = pathOf(call, name)
  const special = specialFile(call, path)
  if (special !== undefined) {
    setDescriptor(kernel, process, fd, special)
    return true
  }
  const isReading = operator === '<'
  const found = filesOf(call).read(path)
  const failed = isReading ? (isFileError(found) ? found.error : undefined) : writable(call, path, operator)
  if (failed !== undefined) {
    complain(call, `${shellPrefix(shell, lineOf(shell))}${openWords(shell, isReading, name, failed)}\n`)
    return false
  }
  setDescriptor(
    kernel,
    process,
    fd,
    open(state, { kind: 'file', path, offset: 0, append: operator === '>>', writable: !isReading, refs: 1 }),
  )
  return true
}

function writable(call: Call, path: string, operator: string): string | undefined {
  const files = filesOf(call)
  return files.write(path, '', operator === '>>' || operator === '<>')?.error
}

/** Devices and the log of pid 1: a handle of their own. */
function specialFile(call: Call, path: string): number | undefined {
  const { state } = call.kernel
  const { process } = call
  const copy = (fd: number): number | undefined => {
    const id = descriptorsOf(state, process).get(fd)
    if (id !== undefined) retain(state, id)
    return id
  }
  switch (path) {
    case '/dev/null':
      return open(state, { kind: 'null', refs: 1 })
    case '/dev/zero':
    case '/dev/urandom':
    case '/dev/random':
      return open(state, { kind: 'zero', refs: 1 })
    case '/dev/stdin':
      return copy(0)
    case '/dev/stdout':
    case '/proc/self/fd/1':
      return copy(1)
    case '/dev/stderr':
    case '/proc/self/fd/2':
      return copy(2)
    case '/proc/1/fd/1':
      return open(state, { kind: 'stream', stream: 'stdout', group: 0, refs: 1 })
    case '/proc/1/fd/2':
      return open(state, { kind: 'stream', stream: 'stderr', group: 0, refs: 1 })
    default:
      return path === '/dev/tty'
        ? open(state, { kind: 'stream', stream: 'stdout', group: process.group, refs: 1 })
        : undefined
  }
}
