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
import { defineTool, type Call } from '../kernel/tool.ts'
import { advance, newExchange, parseUrl, phraseOf, type Address, type Exchange } from './exchange.ts'

const withValue = [
  'o',
  'X',
  'H',
  'd',
  'm',
  'w',
  'u',
  'A',
  'e',
  'F',
  'T',
  'b',
  'c',
  'x',
  'E',
  'max-time',
  'connect-timeout',
  'request',
  'header',
  'data',
  'data-raw',
  'output',
  'write-out',
  'user',
  'cacert',
  'cert',
  'key',
  'resolve',
  'retry',
  'retry-delay',
  'max-redirs',
  'user-agent',
  'unix-socket',
  'interface',
]

const maxRedirects = 10

/** Fetches URLs. */
export const curl = defineTool({
  names: ['curl'],
  step(call) {
    const words = argumentsOf(call)
    const { flags, operands } = parseOptions(words, withValue)
    const memo = memoOf(call, () => ({
      at: 0,
      url: '',
      redirects: 0,
      retries: 0,
      pauseUntil: -1,
      exchange: newExchange(),
      startedAt: call.kernel.host.now(),
    }))
    if (flags.V || flags.version) {
      print(call, 'curl 8.14.1 (x86_64-pc-linux-gnu)\n')
      return 0
    }
    if (operands.length === 0) {
      complain(call, 'curl: (2) no URL specified\n')
      return 2
    }
    while (memo.at < operands.length) {
      if (memo.pauseUntil > call.kernel.host.now()) return { for: 'time', until: memo.pauseUntil }
      const address = parseUrl(memo.url || operands[memo.at]!)
      if (!address || !/^https?$|^telnet$/.test(address.scheme)) {
        complain(
          call,
          address
            ? `curl: (1) Protocol "${address.scheme}" not supported\n`
            : 'curl: (3) URL rejected: Malformed input to a URL function\n',
        )
        return address ? 1 : 3
      }
      const limit = Number(flags.m ?? flags['max-time'] ?? flags['connect-timeout'] ?? Infinity) * 1000
      const wait = advance(call, memo.exchange, {
        host: address.host,
        port: address.port,
        timeoutMs: limit,
        request: requestOf(call, words, flags, address),
      })
      if (wait) return wait
      const failed = failure(call, address, memo.exchange, flags, memo.startedAt)
      if (failed !== 0) {
        if (failed === 7 && memo.retries < Number(flags.retry ?? 0)) {
          Object.assign(memo, {
            retries: memo.retries + 1,
            exchange: newExchange(),
            pauseUntil: call.kernel.host.now() + 1000 * Number(flags['retry-delay'] ?? 2 ** memo.retries),
          })
          continue
        }
        return failed
      }
      const answer = memo.exchange.answer!
      const location = answer.headers?.Location
      if ((flags.L || flags.location) && location !== undefined && memo.redirects < maxRedirects) {
        Object.assign(memo, {
          url: absolute(address, location),
          redirects: memo.redirects + 1,
          exchange: newExchange(),
        })
        continue
      }
      const code = show(call, address, memo.exchange, flags, memo.startedAt)
      if (code !== 0) return code
      Object.assign(memo, { at: memo.at + 1, url: '', exchange: newExchange() })
    }
    return 0
  },
})

type Flags = Readonly<Record<string, string | true>>

function requestOf(call: Call, words: readonly string[], flags: Flags, { scheme, host, port, path }: Address) {
  const headers: Record<string, string> = { 'User-Agent': 'curl/8.14.1' }
  words.forEach((word, index) => {
    const text =
      word === '-H' || word === '--header'
        ? words[index + 1]
        : word.startsWith('-H') && word.length > 2
          ? word.slice(2)
          : undefined
    if (text === undefined) return
    const [name, value] = splitOnce(text, ':')
    headers[name] = (value ?? '').trim()
  })
  const data = flags.d ?? flags.data ?? flags['data-raw']
  const body = typeof data === 'string' ? (data.startsWith('@') ? fileText(call, data.slice(1)) : data) : ''
  const method = String(
    flags.X ?? flags.request ?? (flags.I || flags.head ? 'HEAD' : data === undefined ? 'GET' : 'POST'),
  )
  const named = headers.Host ?? (port === 80 || port === 443 ? host : `${host}:${port}`)
  return { protocol: 'http' as const, method, path, host: named, headers, body, isTls: scheme === 'https' }
}

function fileText(call: Call, path: string): string {
  const text = filesOf(call).read(pathOf(call, path))
  return isFileError(text) ? '' : text
}

function absolute({ scheme, host, port }: Address, location: string): string {
  if (/^\w+:\/\//.test(location)) return location
  return `${scheme}://${host}:${port}${location.startsWith('/') ? '' : '/'}${location}`
}

function failure(call: Call, { host, port }: Address, exchange: Exchange, flags: Flags, startedAt: number): number {
  const took = Math.round(call.kernel.host.now() - startedAt)
  const say = (code: number, text: string): number => {
    if (!(flags.s || flags.silent) || flags.S || flags['show-error']) complain(call, `curl: (${code}) ${text}\n`)
    if (typeof (flags.w ?? flags['write-out']) === 'string')
      writeOut(call, String(flags.w ?? flags['write-out']), 0, took, 0)
    return code
  }
  switch (exchange.outcome) {
    case 'nxdomain':
      return say(6, `Could not resolve host: ${host}`)
    case 'refused':
      return say(7, `Failed to connect to ${host} port ${port} after ${took} ms: Could not connect to server`)
    case 'empty':
      return say(52, 'Empty reply from server')
    case 'timeout': {
      if (exchange.connection?.outcome === 'connected')
        return say(28, `Operation timed out after ${took} milliseconds with 0 bytes received`)
      return exchange.deadline === Infinity
        ? say(28, `Failed to connect to ${host} port ${port} after ${took} ms: Could not connect to server`)
        : say(28, `Connection timed out after ${took} milliseconds`)
    }
    default:
      return 0
  }
}

function show(call: Call, address: Address, exchange: Exchange, flags: Flags, startedAt: number): number {
  const answer = exchange.answer!
  if ((flags.f || flags.fail) && answer.status >= 400) {
    if (!(flags.s || flags.silent) || flags.S)
      complain(call, `curl: (22) The requested URL returned error: ${answer.status}\n`)
    return 22
  }
  const headers = [
    `HTTP/1.1 ${answer.status} ${phraseOf(answer.status)}`,
    ...Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${answer.body.length}`,
    '',
  ]
  if (flags.v || flags.verbose) {
    complain(
      call,
      `* Connected to ${address.host} port ${address.port}\n> ${flags.X ?? 'GET'} ${address.path} HTTP/1.1\n> Host: ${address.host}\n> User-Agent: curl/8.14.1\n> Accept: */*\n> \n`,
    )
    complain(call, headers.map((line) => `< ${line}\n`).join(''))
  }
  const head = flags.I || flags.head
  const text = `${flags.i || flags.include || head ? headers.map((line) => `${line}\r\n`).join('') : ''}${head ? '' : answer.body}`
  const file = flags.O ? (address.path.split('/').pop() ?? 'index.html') : (flags.o ?? flags.output)
  if (typeof file === 'string' && file !== '-') {
    const error = file === '/dev/null' ? undefined : filesOf(call).write(pathOf(call, file), text, false)
    if (error) {
      complain(call, `curl: (23) Failure writing output to destination\n`)
      return 23
    }
  } else print(call, text)
  const format = flags.w ?? flags['write-out']
  if (typeof format === 'string') writeOut(call, format, answer.status, call.kernel.host.now() - startedAt, text.length)
  return 0
}

function writeOut(call: Call, format: string, status: number, tookMs: number, size: number): void {
  const seconds = (tookMs / 1000).toFixed(6)
  const values: Record<string, string> = {
    http_code: String(status).padStart(3, '0'),
    response_code: String(status).padStart(3, '0'),
    time_total: seconds,
    time_connect: '0.001000',
    size_download: String(size),
    remote_ip: '',
  }
  print(
    call,
    format
      .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
      .replace(/\\n/g, '\n')
      .replace(/\\t/g, '\t'),
  )
}
