import { argumentsOf, complain, filesOf, isBusybox, memoOf, parseOptions, print, splitOnce } from '../kernel/io.ts'
import { defineTool } from '../kernel/tool.ts'
import { readEscapes } from './text.ts'
import { eachLine, linesOf, readWhole, withCount } from './inputs.ts'

/** Picks columns of lines. */
export const cut = defineTool({
  names: ['cut'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['d', 'f', 'c', 'b'])
    const picks = ranges(String(flags.f ?? flags.c ?? flags.b ?? '1-'))
    const mark = typeof flags.d === 'string' ? flags.d : '\t'
    return eachLine(call, operands, {
      line(line) {
        const isFields = flags.f !== undefined
        if (isFields && !line.includes(mark)) return flags.s ? undefined : print(call, `${line}\n`)
        const parts = isFields ? line.split(mark) : [...line]
        const picked = parts.filter((_, index) => picks.some(([from, to]) => index + 1 >= from && index + 1 <= to))
        print(call, `${picked.join(isFields ? mark : '')}\n`)
      },
      end: (status) => status,
    })
  },
})

function ranges(text: string): readonly (readonly [number, number])[] {
  return text.split(',').map((one) => {
    const [from, to] = splitOnce(one, '-')
    return [Number(from || 1), to === undefined ? Number(from) : Number(to || Infinity)] as const
  })
}

/** Replaces or deletes characters. */
export const tr = defineTool({
  names: ['tr'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call))
    const text = readWhole(call, [])
    if (text === undefined) return { for: 'input', fd: 0 }
    const from = characters(operands[0] ?? '')
    const to = characters(operands[1] ?? '')
    const isIn = (char: string): boolean => from.includes(char) !== (flags.c === true || flags.C === true)
    let out = ''
    for (const char of text) {
      if (flags.d) out += isIn(char) ? '' : char
      else if (!isIn(char)) out += char
      else {
        const at = flags.c ? to.length - 1 : from.indexOf(char)
        const next = to.length === 0 ? char : to[Math.min(at, to.length - 1)]!
        if (!(flags.s && out.endsWith(next))) out += next
      }
    }
    print(call, out)
    return 0
  },
})

const named: Readonly<Record<string, string>> = {
  upper: 'A-Z',
  lower: 'a-z',
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
  space: ' \t\n\r',
  blank: ' \t',
  punct: '!-/:-@[-`{-~',
}

function characters(text: string): string[] {
  const plain = readEscapes(text).replace(/\[:(\w+):\]/g, (whole, name: string) => named[name] ?? whole)
  const out: string[] = []
  for (let at = 0; at < plain.length; at++) {
    if (plain[at + 1] !== '-' || at + 2 >= plain.length) out.push(plain[at]!)
    else {
      for (let code = plain.charCodeAt(at); code <= plain.charCodeAt(at + 2); code++)
        out.push(String.fromCharCode(code))
      at += 2
    }
  }
  return out
}

/** Sorts lines. */
export const sort = defineTool({
  names: ['sort'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['k', 't', 'o'])
    const text = readWhole(call, operands)
    if (text === undefined) return { for: 'input', fd: 0 }
    const field = typeof flags.k === 'string' ? Number.parseInt(flags.k, 10) : 0
    const keyOf = (line: string): string =>
      field === 0 ? line : (line.split(typeof flags.t === 'string' ? flags.t : /\s+/)[field - 1] ?? '')
    const isNumeric = flags.n === true || (typeof flags.k === 'string' && flags.k.includes('n'))
    const compare = (a: string, b: string): number => {
      const [x, y] = [keyOf(a), keyOf(b)]
      const by = isNumeric ? (Number.parseFloat(x) || 0) - (Number.parseFloat(y) || 0) : 0
      return by || (x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0)
    }
    let lines = linesOf(text)
      .map((line) => line.replace(/\n$/, ''))
      .sort(compare)
    if (flags.r || (typeof flags.k === 'string' && flags.k.includes('r'))) lines.reverse()
    if (flags.u) lines = lines.filter((line, index) => index === 0 || line !== lines[index - 1])
    print(call, lines.map((line) => `${line}\n`).join(''))
    return 0
  },
})

/** Drops lines equal to the one before. */
export const uniq = defineTool({
  names: ['uniq'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call))
    const memo = memoOf(call, () => ({ last: '', count: 0 }))
    const flush = (): void => {
      if (memo.count === 0 || (flags.d && memo.count < 2) || (flags.u && memo.count > 1)) return
      print(call, flags.c ? `${String(memo.count).padStart(7)} ${memo.last}\n` : `${memo.last}\n`)
    }
    return eachLine(call, operands, {
      line(line) {
        if (memo.count > 0 && line === memo.last) return void memo.count++
        flush()
        Object.assign(memo, { last: line, count: 1 })
      },
      end(status) {
        flush()
        return status
      },
    })
  },
})

/** Counts lines, words, bytes. */
export const wc = defineTool({
  names: ['wc'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call))
    const text = readWhole(call, operands)
    if (text === undefined) return { for: 'input', fd: 0 }
    const counts = [
      ['l', text.split('\n').length - 1],
      ['w', text.split(/\s+/).filter((word) => word !== '').length],
      ['c', text.length],
    ] as const
    const all = !flags.l && !flags.w && !flags.c && !flags.m
    const shown = counts
      .filter(([letter]) => all || flags[letter] || (letter === 'c' && flags.m))
      .map(([, count]) => String(count))
    const name = operands[0] === undefined ? '' : ` ${operands[0]}`
    print(
      call,
      `${shown.length === 1 ? shown[0] : shown.map((one) => one.padStart(isBusybox(call) ? 9 : 7)).join(' ')}${name}\n`,
    )
    return 0
  },
})

/** The first lines. */
export const head = defineTool({
  names: ['head'],
  step(call) {
    const { flags, operands } = parseOptions(withCount(argumentsOf(call)), ['n', 'c', 'lines', 'bytes'])
    const bytes = flags.c ?? flags.bytes
    const count = Number(flags.n ?? flags.lines ?? 10)
    const memo = memoOf(call, () => ({ left: bytes === undefined ? count : Number(bytes), file: '' }))
    if (memo.left === 0) return 0
    return eachLine(call, operands, {
      line(line, hasNewline, file) {
        if (operands.length > 1 && file !== memo.file) {
          print(call, `${memo.file === '' ? '' : '\n'}==> ${file} <==\n`)
          Object.assign(memo, { file, left: count })
        }
        if (memo.left <= 0) return undefined
        const text = `${line}${hasNewline ? '\n' : ''}`
        print(call, bytes === undefined ? text : text.slice(0, memo.left))
        memo.left -= bytes === undefined ? 1 : text.length
        return memo.left <= 0 && operands.length < 2 ? 0 : undefined
      },
      end: (status) => status,
    })
  },
})

/** Lines backwards, or in reverse order. */
export const rev = defineTool({
  names: ['rev'],
  step: (call) =>
    eachLine(call, argumentsOf(call), {
      line: (line) => print(call, `${[...line].reverse().join('')}\n`),
      end: (status) => status,
    }),
})

/** The last line first. */
export const tac = defineTool({
  names: ['tac'],
  step(call) {
    const text = readWhole(call, argumentsOf(call))
    if (text === undefined) return { for: 'input', fd: 0 }
    print(call, linesOf(text).reverse().join(''))
    return 0
  },
})

/** Copies its input to files and on. */
export const tee = defineTool({
  names: ['tee'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call))
    const files = filesOf(call)
    const memo = memoOf(call, () => ({ hasBegun: false }))
    const save = (text: string, append: boolean): void => {
      for (const operand of operands) {
        const error = files.write(operand.startsWith('/') ? operand : `${call.process.cwd}/${operand}`, text, append)
        if (error) complain(call, `tee: ${operand}: ${error.error}\n`)
      }
    }
    if (!memo.hasBegun) save('', flags.a === true)
    memo.hasBegun = true
    return eachLine(call, [], {
      line(line, hasNewline) {
        const text = `${line}${hasNewline ? '\n' : ''}`
        print(call, text)
        save(text, true)
      },
      end: () => 0,
    })
  },
})

/** Counts. */
export const seq = defineTool({
  names: ['seq'],
  step(call) {
    const { flags, operands } = parseOptions(
      argumentsOf(call).map((word) => (/^-\d/.test(word) ? ` ${word}` : word)),
      ['s', 'f'],
    )
    const numbers = operands.map(Number)
    const [first, by, last] =
      numbers.length === 1
        ? [1, 1, numbers[0]!]
        : numbers.length === 2
          ? [numbers[0]!, 1, numbers[1]!]
          : [numbers[0] ?? 1, numbers[1] ?? 1, numbers[2] ?? 0]
    if (numbers.length === 0 || numbers.some(Number.isNaN) || by === 0) {
      complain(call, `seq: invalid argument\n`)
      return 1
    }
    const values: string[] = []
    const digits = operands.map((one) => (one.trim().split('.')[1] ?? '').length).reduce((a, b) => Math.max(a, b), 0)
    for (let index = 0; values.length < 100_000; index++) {
      const value = first + index * by
      if (by > 0 ? value > last + 1e-9 : value < last - 1e-9) break
      values.push(value.toFixed(digits))
    }
    const width = flags.w ? Math.max(...values.map((one) => one.length)) : 0
    const mark = typeof flags.s === 'string' ? readEscapes(flags.s) : '\n'
    if (values.length > 0) print(call, `${values.map((one) => one.padStart(width, '0')).join(mark)}\n`)
    return 0
  },
})

/** Says something over and over. */
export const yes = defineTool({
  names: ['yes'],
  step(call) {
    print(call, `${argumentsOf(call).join(' ') || 'y'}\n`.repeat(50))
    call.process.cpuMilli = 1000
    return 'again'
  },
})
