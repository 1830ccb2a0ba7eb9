/** How a small Python program ended. */
export interface PythonResult {
  readonly out: string
  readonly error: string
  readonly code: number
}

type Value = string | number | boolean | undefined

class Exit extends Error {
  readonly code: number
  constructor(code: number) {
    super('exit')
    this.code = code
  }
}

class PythonError extends Error {}

interface Line {
  readonly indent: number
  readonly text: string
}

interface State {
  readonly environment: Readonly<Record<string, string>>
  readonly variables: Map<string, Value>
  out: string
  steps: number
}

const stepsMax = 20_000

/**
 * Runs the part of Python that examples of Jobs use: imports, assignments, if/elif/else, while, for over range, print, sys.exit,
 * os.environ, int/str/len, comparisons, arithmetic. Anything else ends it as an uncaught exception would, with code 1.
 */
export function runPython(source: string, environment: Readonly<Record<string, string>>): PythonResult {
  const state: State = { environment, variables: new Map(), out: '', steps: 0 }
  const lines = source
    .split(/\n|;(?=\s*\w)/)
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
    .map((line): Line => ({ indent: /^\s*/.exec(line)![0].length, text: line.trim() }))
  try {
    block(lines, 0, lines.length, state)
    return { out: state.out, error: '', code: 0 }
  } catch (error) {
    if (error instanceof Exit) return { out: state.out, error: '', code: error.code }
    if (!(error instanceof PythonError)) throw error
    return { out: state.out, error: `Traceback (most recent call last):\n${error.message}\n`, code: 1 }
  }
}

function block(lines: readonly Line[], from: number, to: number, state: State): void {
  let at = from
  while (at < to) {
    if (++state.steps > stepsMax) throw new PythonError('MemoryError')
    const line = lines[at]!
    const end = bodyEnd(lines, at, to)
    const head = /^(if|while|for)\b\s*([^]*?):\s*(\S[^]*)?$/.exec(line.text)
    if (head?.[1] === 'if') at = chain(lines, at, to, state)
    else if (head?.[1] === 'while') {
      while (truth(evaluate(head[2]!, state))) body(lines, at, end, head[3], state)
      at = end
    } else if (head) {
      const loop = /^(\w+)\s+in\s+range\(([^]*)\)$/.exec(head[2]!)
      if (!loop) throw new PythonError('SyntaxError: invalid syntax')
      const bounds = loop[2]!.split(',').map((one) => Number(evaluate(one, state)))
      const [first, last] = bounds.length > 1 ? [bounds[0]!, bounds[1]!] : [0, bounds[0]!]
      for (let value = first; value < last; value++) {
        state.variables.set(loop[1]!, value)
        body(lines, at, end, head[3], state)
      }
      at = end
    } else {
      statement(line.text, state)
      at++
    }
  }
}

function bodyEnd(lines: readonly Line[], at: number, to: number): number {
  let end = at + 1
  while (end < to && lines[end]!.indent > lines[at]!.indent) end++
  return end
}

function body(lines: readonly Line[], at: number, end: number, inline: string | undefined, state: State): void {
  if (++state.steps > stepsMax) throw new PythonError('MemoryError')
  if (inline) statement(inline, state)
  else block(lines, at + 1, end, state)
}

/** if, elif, else: the first that holds runs. */
function chain(lines: readonly Line[], from: number, to: number, state: State): number {
  let at = from
  let isDone = false
  for (;;) {
    const arm = /^(?:(?:if|elif)\b\s*([^]*?)|else)\s*:\s*(\S[^]*)?$/.exec(lines[at]!.text)
    if (!arm) throw new PythonError('SyntaxError: invalid syntax')
    const end = bodyEnd(lines, at, to)
    if (!isDone && (arm[1] === undefined || truth(evaluate(arm[1], state)))) {
      isDone = true
      body(lines, at, end, arm[2], state)
    }
    const next = lines[end]
    if (end >= to || next?.indent !== lines[from]!.indent || !/^(elif|else)\b/.test(next.text)) return end
    at = end
  }
}

function statement(text: string, state: State): void {
  if (/^(import|from)\b|^pass$/.test(text)) return
  const assignment = /^([A-Za-z_]\w*)\s*([-+*]?)=(?!=)\s*([^]+)$/.exec(text)
  if (!assignment) {
    evaluate(text, state)
    return
  }
  const [, name, operator, right] = assignment as unknown as [string, string, string, string]
  const value = evaluate(right, state)
  const old = state.variables.get(name)
  state.variables.set(name, operator === '' ? value : arithmetic(old, operator, value))
}

const tokens =
  /\s*(?:(\d+\.?\d*)|([fr]?"(?:[^"\\]|\\.)*"|[fr]?'(?:[^'\\]|\\.)*')|(==|!=|<=|>=|\/\/|\*\*|[-+*/%<>(),[\]])|([A-Za-z_][\w.]*))/y

interface Reader {
  readonly words: readonly string[]
  at: number
  readonly state: State
}

function evaluate(text: string, state: State): Value {
  const words: string[] = []
  tokens.lastIndex = 0
  while (tokens.lastIndex < text.length && text.slice(tokens.lastIndex).trim() !== '') {
    const match = tokens.exec(text)
    if (!match) throw new PythonError('SyntaxError: invalid syntax')
    words.push(match[0].trim())
  }
  return either({ words, at: 0, state })
}

function either(reader: Reader): Value {
  let left = both(reader)
  while (reader.words[reader.at] === 'or') {
    reader.at++
    const right = both(reader)
    left = truth(left) ? left : right
  }
  return left
}

function both(reader: Reader): Value {
  let left = negation(reader)
  while (reader.words[reader.at] === 'and') {
    reader.at++
    const right = negation(reader)
    left = truth(left) ? right : left
  }
  return left
}

function negation(reader: Reader): Value {
  if (reader.words[reader.at] !== 'not') return comparison(reader)
  reader.at++
  return !truth(negation(reader))
}

function comparison(reader: Reader): Value {
  const left = sum(reader)
  const operator = reader.words[reader.at] ?? ''
  if (!/^(==|!=|<|>|<=|>=|is)$/.test(operator)) return left
  reader.at++
  const isNegated = operator === 'is' && reader.words[reader.at] === 'not'
  if (isNegated) reader.at++
  const right = sum(reader)
  if (operator === '==' || operator === 'is') return (left === right) !== isNegated
  if (operator === '!=') return left !== right
  if (typeof left !== typeof right) throw new PythonError(`TypeError: '${operator}' not supported between instances`)
  const [a, b] = [left!, right!]
  return operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b
}

function sum(reader: Reader): Value {
  let left = product(reader)
  for (let word = reader.words[reader.at]; word === '+' || word === '-'; word = reader.words[reader.at]) {
    reader.at++
    left = arithmetic(left, word, product(reader))
  }
  return left
}

function product(reader: Reader): Value {
  let left = single(reader)
  for (
    let word = reader.words[reader.at];
    word !== undefined && /^(\*|\/|\/\/|%|\*\*)$/.test(word);
    word = reader.words[reader.at]
  ) {
    reader.at++
    left = arithmetic(left, word, single(reader))
  }
  return left
}

function arithmetic(left: Value, operator: string, right: Value): Value {
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return left + right
  if (operator === '*' && typeof left === 'string') return left.repeat(Math.min(1000, Number(right)))
  if (typeof left !== 'number' || typeof right !== 'number')
    throw new PythonError(`TypeError: unsupported operand type(s) for ${operator}`)
  if (/[/%]/.test(operator) && right === 0) throw new PythonError('ZeroDivisionError: division by zero')
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '**':
      return left ** right
    case '/':
      return left / right
    case '//':
      return Math.floor(left / right)
    default:
      return left - right * Math.floor(left / right)
  }
}

function single(reader: Reader): Value {
  const word = reader.words[reader.at++]
  if (word === undefined) throw new PythonError('SyntaxError: invalid syntax')
  if (word === '-') return arithmetic(0, '-', single(reader))
  if (word === '(') {
    const value = either(reader)
    reader.at++
    return value
  }
  if (/^\d/.test(word)) return Number(word)
  if (/^[fr]?["']/.test(word)) return textOf(word, reader.state)
  if (word === 'True' || word === 'False') return word === 'True'
  if (word === 'None') return undefined
  const next = reader.words[reader.at]
  if (next === '(' || (next === '[' && word === 'os.environ')) return call(word, reader)
  if (!reader.state.variables.has(word)) throw new PythonError(`NameError: name '${word}' is not defined`)
  return reader.state.variables.get(word)
}

function textOf(word: string, state: State): string {
  const text = word
    .replace(/^[fr]?["']|["']$/g, '')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\(["'\\])/g, '$1')
  return word.startsWith('f')
    ? text.replace(/\{([^{}:]+)(?::[^{}]*)?\}/g, (_, inside: string) => shown(evaluate(inside, state)))
    : text
}

function call(name: string, reader: Reader): Value {
  const close = reader.words[reader.at++] === '[' ? ']' : ')'
  const given: Value[] = []
  while (reader.at < reader.words.length && reader.words[reader.at] !== close) {
    given.push(either(reader))
    if (reader.words[reader.at] === ',') reader.at++
  }
  reader.at++
  const [first] = given
  switch (name) {
    case 'print':
      reader.state.out += `${given.map(shown).join(' ')}\n`
      return undefined
    case 'sys.exit':
    case 'exit':
    case 'os._exit':
      throw new Exit(typeof first === 'number' ? first : first === undefined ? 0 : 1)
    case 'os.environ.get':
    case 'os.getenv':
      return reader.state.environment[String(first)] ?? given[1]
    case 'os.environ': {
      const value = reader.state.environment[String(first)]
      if (value === undefined) throw new PythonError(`KeyError: '${String(first)}'`)
      return value
    }
    case 'int': {
      const value = Number(first)
      if (first === undefined || Number.isNaN(value))
        throw new PythonError(
          first === undefined
            ? "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"
            : `ValueError: invalid literal for int() with base 10: '${String(first)}'`,
        )
      return Math.trunc(value)
    }
    case 'str':
      return shown(first)
    case 'len':
      return String(first).length
    case 'time.sleep':
      return undefined
    default:
      throw new PythonError(`NameError: name '${name}' is not defined`)
  }
}

function shown(value: Value): string {
  return value === undefined ? 'None' : value === true ? 'True' : value === false ? 'False' : String(value)
}

function truth(value: Value): boolean {
  return value !== undefined && value !== '' && value !== 0 && value !== false
}
