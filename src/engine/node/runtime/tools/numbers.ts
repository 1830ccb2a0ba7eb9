import {
  argumentsOf,
  complain,
  filesOf,
  isFileError,
  memoOf,
  parseOptions,
  pathOf,
  print,
  splitOnce,
} from '../kernel/io.ts'
import { useMemory } from '../kernel/processes.ts'
import { defineTool, type Call } from '../kernel/tool.ts'
import { basicExpression } from './grep.ts'
import { readWhole } from './inputs.ts'

/** Calculates and compares words. */
export const expr = defineTool({
  names: ['expr'],
  step(call) {
    const words = [...argumentsOf(call)]
    const reader = { words, at: 0 }
    try {
      const value = either(reader)
      if (reader.at < words.length) throw new ExprError()
      print(call, `${value}\n`)
      return value === '' || value === '0' ? 1 : 0
    } catch (error) {
      if (!(error instanceof ExprError)) throw error
      complain(call, `expr: ${error.message || 'syntax error'}\n`)
      return 2
    }
  },
})

class ExprError extends Error {}

interface Reader {
  readonly words: readonly string[]
  at: number
}

const levels: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
]

function either(reader: Reader, level = 0): string {
  const operators = levels[level]
  if (!operators) return single(reader)
  let left = either(reader, level + 1)
  for (
    let word = reader.words[reader.at];
    word !== undefined && operators.includes(word);
    word = reader.words[reader.at]
  ) {
    reader.at++
    left = combined(left, word, either(reader, level + 1))
  }
  return left
}

function single(reader: Reader): string {
  const word = reader.words[reader.at++]
  if (word === undefined) throw new ExprError()
  if (word === 'length') return String(single(reader).length)
  if (word === 'substr') {
    const [text, from, length] = [single(reader), Number(single(reader)), Number(single(reader))]
    return text.slice(from - 1, from - 1 + length)
  }
  if (word !== '(') return word
  const value = either(reader)
  reader.at++
  return value
}

function combined(left: string, operator: string, right: string): string {
  if (operator === '|') return left !== '' && left !== '0' ? left : right
  if (operator === '&') return left !== '' && left !== '0' && right !== '' && right !== '0' ? left : '0'
  if (operator === ':') {
    const match = new RegExp(`^(?:${basicExpression(right)})`).exec(left)
    return match?.[1] ?? (/\\\(/.test(right) ? '' : String(match?.[0].length ?? 0))
  }
  const areNumbers = /^-?\d+$/.test(left) && /^-?\d+$/.test(right)
  if (/^[-+*/%]$/.test(operator)) {
    if (!areNumbers) throw new ExprError('non-integer argument')
    const [a, b] = [Number(left), Number(right)]
    if (b === 0 && /[/%]/.test(operator)) throw new ExprError('division by zero')
    return String(
      operator === '+'
        ? a + b
        : operator === '-'
          ? a - b
          : operator === '*'
            ? a * b
            : operator === '/'
              ? Math.trunc(a / b)
              : a % b,
    )
  }
  const [a, b] = areNumbers ? [Number(left), Number(right)] : [left, right]
  const holds =
    operator === '<'
      ? a < b
      : operator === '<='
        ? a <= b
        : operator === '>'
          ? a > b
          : operator === '>='
            ? a >= b
            : operator === '!='
              ? a !== b
              : a === b
  return holds ? '1' : '0'
}

/** Copies blocks; only sizes matter here. */
export const dd = defineTool({
  names: ['dd'],
  step(call) {
    const options = Object.fromEntries(argumentsOf(call).map((word) => splitOnce(word, '=')))
    const block = bytesOf(options.bs ?? '512')
    const count = options.count === undefined ? undefined : Number(options.count)
    const memo = memoOf(call, () => ({ until: -1 }))
    const { host } = call.kernel
    const from = options.if
    const isDevice = from !== undefined && /^\/dev\/(zero|urandom|random)$/.test(from)
    if (isDevice && count === undefined) {
      call.process.cpuMilli = 1000
      return { for: 'ever' }
    }
    const source = isDevice || from === undefined ? '' : filesOf(call).read(pathOf(call, from))
    if (isFileError(source)) {
      complain(call, `dd: failed to open '${from}': ${source.error}\n`)
      return 1
    }
    const size = isDevice
      ? block * count!
      : count === undefined
        ? source.length
        : Math.min(source.length, block * count)
    const tookMs = Math.max(1, Math.round(size / 500_000))
    if (memo.until < 0) memo.until = host.now() + tookMs
    if (host.now() < memo.until) return { for: 'time', until: memo.until }
    const target = options.of
    if (target !== undefined && target !== '/dev/null') {
      const text = isDevice ? '' : source.slice(0, size)
      const error = filesOf(call).write(pathOf(call, target), text, false, isDevice ? { size } : {})
      if (error) {
        complain(call, `dd: failed to open '${target}': ${error.error}\n`)
        return 1
      }
    } else if (target === undefined) print(call, isDevice ? '\0'.repeat(Math.min(size, 65_536)) : source.slice(0, size))
    const blocks = Math.ceil(size / block)
    complain(
      call,
      `${blocks}+0 records in\n${blocks}+0 records out\n${size} bytes copied, ${(tookMs / 1000).toFixed(3)} s\n`,
    )
    return 0
  },
})

/** Bytes of `250M`, `1G`, `64k`. */
export function bytesOf(text: string): number {
  const match = /^(\d+)([kKMGT]?)(i?)(B?)$/.exec(text)
  if (!match) return Number(text) || 0
  const base = match[4] === 'B' && match[3] === '' && match[2] !== '' ? 1000 : 1024
  return Number(match[1]) * base ** ' kMGT'.indexOf((match[2] || ' ').replace('K', 'k'))
}

/** Takes memory and CPU: `stress --vm 1 --vm-bytes 250M`, `stress -cpus 2`, `stress-ng`. */
export const stress = defineTool({
  names: ['stress', 'stress-ng'],
  step(call) {
    const { flags } = parseOptions(argumentsOf(call), [
      'vm',
      'vm-bytes',
      'vm-hang',
      'cpu',
      'cpus',
      'c',
      'm',
      'timeout',
      't',
      'mem-total',
      'mem-alloc-size',
      'mem-alloc-sleep',
      'io',
      'hdd',
    ])
    const memo = memoOf(call, () => ({ until: -1 }))
    const { host } = call.kernel
    if (memo.until < 0) {
      const workers = Number(flags.vm ?? flags.m ?? 0)
      const bytes =
        workers * bytesOf(String(flags['vm-bytes'] ?? '256M')) +
        bytesOf(String(flags['mem-total'] ?? '0').replace(/i$/, ''))
      const cpus = Number(flags.cpu ?? flags.c ?? flags.cpus ?? 0)
      if (call.process.program === 'stress' && flags['mem-total'] === undefined && flags.cpus === undefined)
        print(call, `stress: info: [${call.process.pid}] dispatching hogs: ${cpus} cpu, 0 io, ${workers} vm, 0 hdd\n`)
      call.process.cpuMilli =
        cpus * 1000 + (workers > 0 && flags['vm-hang'] === undefined ? workers * 1000 : workers * 30)
      memo.until = host.now() + durationMs(String(flags.timeout ?? flags.t ?? 'inf'))
      useMemory(call.kernel, call.process, bytes + 1_000_000)
    }
    if (host.now() >= memo.until) {
      print(
        call,
        `stress: info: [${call.process.pid}] successful run completed in ${String(flags.timeout ?? flags.t)}\n`,
      )
      return 0
    }
    return memo.until === Infinity ? { for: 'ever' } : { for: 'time', until: memo.until }
  },
})

function durationMs(text: string): number {
  const match = /^(\d+)([smhd]?)$/.exec(text)
  return match ? Number(match[1]) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[match[2] || 's'] ?? 1) * 1000 : Infinity
}

/** Base64, both ways. */
export const base64 = defineTool({
  names: ['base64'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['w'])
    const text = readWhole(call, operands)
    if (text === undefined) return { for: 'input', fd: 0 }
    if (flags.d || flags.D || flags.decode) print(call, decode(text))
    else print(call, `${encode(text)}\n`)
    return 0
  },
})

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function encode(text: string): string {
  const bytes = utf8(text)
  let out = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes[at]!, bytes[at + 1], bytes[at + 2]]
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    out +=
      alphabet[bits >> 18]! +
      alphabet[(bits >> 12) & 63]! +
      (b === undefined ? '=' : alphabet[(bits >> 6) & 63]!) +
      (c === undefined ? '=' : alphabet[bits & 63]!)
  }
  return out
}

function utf8(text: string): number[] {
  return [...unescapedUri(encodeURIComponent(text))].map((char) => char.charCodeAt(0))
}

function unescapedUri(text: string): string {
  return text.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function decode(text: string): string {
  let bits = 0
  let count = 0
  let out = ''
  for (const char of text) {
    const value = alphabet.indexOf(char)
    if (value < 0) continue
    bits = (bits << 6) | value
    count += 6
    if (count >= 8) {
      count -= 8
      out += `%${((bits >> count) & 255).toString(16).padStart(2, '0')}`
      bits &= (1 << count) - 1
    }
  }
  try {
    return decodeURIComponent(out)
  } catch {
    return unescapedUri(out.toUpperCase())
  }
}

/** A checksum of what it reads: stable and unlike for unlike texts. */
export const checksum = defineTool({
  names: ['md5sum', 'sha1sum', 'sha256sum', 'cksum'],
  step(call: Call) {
    const operands = argumentsOf(call)
    const text = readWhole(call, operands)
    if (text === undefined) return { for: 'input', fd: 0 }
    const length = call.process.argv[0] === 'md5sum' ? 32 : call.process.argv[0] === 'sha1sum' ? 40 : 64
    print(call, `${madeUpDigest(text, length)}  ${operands[0] ?? '-'}\n`)
    return 0
  },
})

/** Hexadecimal digits made from a text. differs: not the real algorithm, which nothing here depends on. */
export function madeUpDigest(text: string, length: number): string {
  let out = ''
  let hash = 0x811c9dc5
  for (let round = 0; out.length < length; round++) {
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    hash = Math.imul(hash ^ (round + 1), 0x85ebca6b)
    hash ^= hash >>> 13
    out += (hash >>> 0).toString(16).padStart(8, '0')
  }
  return out.slice(0, length)
}
