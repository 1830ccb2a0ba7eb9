import {
  argumentsOf,
  complain,
  filesOf,
  isBusybox,
  memoOf,
  parseOptions,
  pathOf,
  print,
  splitOnce,
} from '../kernel/io.ts'
import { defineTool, type Call } from '../kernel/tool.ts'
import { advance, newExchange, parseUrl, phraseOf, type Address, type Exchange } from './exchange.ts'

const withValue = [
  'O',
  'T',
  'P',
  't',
  'o',
  'U',
  'Y',
  'header',
  'timeout',
  'tries',
  'post-data',
  'output-document',
  'user-agent',
  'spider-timeout',
  'connect-timeout',
]

// BusyBox waits for 15 minutes, which nobody here does
const busyboxTimeoutMs = 900_000

/** Fetches a URL. */
export const wget = defineTool({
  names: ['wget'],
  step(call) {
    const words = argumentsOf(call)
    const { flags, operands } = parseOptions(words, withValue)
    const memo = memoOf(call, () => ({ url: '', redirects: 0, hasBegun: false, exchange: newExchange() }))
    const address = parseUrl(memo.url || (operands[0] ?? ''))
    if (!address) {
      complain(call, isBusybox(call) ? `wget: not an http or ftp url: ${operands[0] ?? ''}\n` : 'wget: missing URL\n')
      return 1
    }
    const seconds = Number(flags.T ?? flags.timeout ?? flags['connect-timeout'] ?? NaN)
    const headers = Object.fromEntries(
      words
        .flatMap((word, index) =>
          word === '--header'
            ? [splitOnce(words[index + 1] ?? '', ':')]
            : word.startsWith('--header=')
              ? [splitOnce(word.slice(9), ':')]
              : [],
        )
        .map(([name, value]) => [name, (value ?? '').trim()]),
    )
    const body = flags['post-data']
    const request = {
      protocol: 'http' as const,
      method: flags.spider ? 'HEAD' : typeof body === 'string' ? 'POST' : 'GET',
      path: address.path,
      host: address.port === 80 || address.port === 443 ? address.host : `${address.host}:${address.port}`,
      headers: { 'User-Agent': 'Wget', ...headers },
      body: typeof body === 'string' ? body : '',
      isTls: address.scheme === 'https',
    }
    const wait = advance(call, memo.exchange, {
      host: address.host,
      port: address.port,
      timeoutMs: Number.isNaN(seconds) ? busyboxTimeoutMs : seconds * 1000,
      request,
    })
    if (wait) return wait
    const isQuiet = flags.q === true || flags.quiet === true
    if (!isQuiet && memo.exchange.outcome !== 'nxdomain') {
      const ip =
        memo.exchange.connection?.outcome === 'connected' ? memo.exchange.connection.listener.address : address.host
      complain(
        call,
        isBusybox(call)
          ? `Connecting to ${address.host}${address.port === 80 ? '' : `:${address.port}`} (${ip}:${address.port})\n`
          : `Connecting to ${address.host}:${address.port}... connected.\n`,
      )
    }
    if (memo.exchange.outcome !== 'answered') return failure(call, address, memo.exchange, isQuiet)
    const answer = memo.exchange.answer!
    const location = answer.headers?.Location
    if (answer.status >= 300 && answer.status < 400 && location !== undefined && memo.redirects < 5) {
      const url = /^\w+:/.test(location) ? location : `${address.scheme}://${address.host}:${address.port}${location}`
      Object.assign(memo, { url, redirects: memo.redirects + 1, exchange: newExchange() })
      return 'again'
    }
    if (answer.status >= 400) {
      complain(
        call,
        isBusybox(call)
          ? `wget: server returned error: HTTP/1.1 ${answer.status} ${phraseOf(answer.status)}\n`
          : `ERROR ${answer.status}: ${phraseOf(answer.status)}.\n`,
      )
      return isBusybox(call) ? 1 : 8
    }
    if (flags.spider) return 0
    return save(call, address, answer.body, flags, isQuiet)
  },
})

function failure(call: Call, { host, port }: Address, exchange: Exchange, isQuiet: boolean): number {
  const ip = /^[\d.]+$/.test(host) ? host : addressOf(call, host)
  if (isBusybox(call)) {
    if (exchange.outcome === 'nxdomain') complain(call, `wget: bad address '${host}${port === 80 ? '' : `:${port}`}'\n`)
    else if (exchange.outcome === 'refused')
      complain(call, `wget: can't connect to remote host (${ip}): Connection refused\n`)
    else complain(call, 'wget: download timed out\n')
    return 1
  }
  if (!isQuiet) {
    if (exchange.outcome === 'nxdomain') complain(call, `wget: unable to resolve host address '${host}'\n`)
    else
      complain(
        call,
        exchange.outcome === 'refused' ? 'failed: Connection refused.\n' : 'failed: Connection timed out.\n',
      )
  }
  return 4
}

function addressOf(call: Call, name: string): string {
  const found = call.kernel.host.resolve(call.kernel, name)
  return 'error' in found ? name : (found.addresses[0] ?? name)
}

function save(
  call: Call,
  { path }: Address,
  body: string,
  flags: Readonly<Record<string, string | true>>,
  isQuiet: boolean,
): number {
  const given = flags.O ?? flags['output-document']
  if (given === '-') {
    print(call, body)
    return 0
  }
  const name = typeof given === 'string' ? given : path.split('?')[0]!.split('/').pop() || 'index.html'
  const file = typeof flags.P === 'string' ? `${flags.P}/${name}` : name
  const error = file === '/dev/null' ? undefined : filesOf(call).write(pathOf(call, file), body, false)
  if (error) {
    complain(call, isBusybox(call) ? `wget: can't open '${file}': ${error.error}\n` : `${file}: ${error.error}\n`)
    return isBusybox(call) ? 1 : 3
  }
  if (!isQuiet)
    complain(
      call,
      `saving to '${file}'\n${file.padEnd(20)} 100% |********************************| ${String(body.length).padStart(5)}  0:00:00 ETA\n'${file}' saved\n`,
    )
  return 0
}
