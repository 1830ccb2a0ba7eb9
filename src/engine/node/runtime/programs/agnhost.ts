import { argumentsOf, complain, parseOptions, print, surroundingsOf } from '../kernel/io.ts'
import type { ServiceAnswer, ServiceRequest } from '../kernel/host.ts'
import type { Call, Step, Tool } from '../kernel/tool.ts'
import { formatDate } from '../tools/date.ts'
import { defineServer, ok, refusal, serverMemo } from './server.ts'

const mebibyte = 1_048_576

function flagsOf(call: Call): Readonly<Record<string, string | true>> {
  return parseOptions(argumentsOf(call).slice(1), [
    'http-port',
    'port',
    'udp-port',
    'listen',
    'delay-shutdown',
    'sctp-port',
  ]).flags
}

function portOf(call: Call): number {
  const flags = flagsOf(call)
  const fallback = {
    netexec: 8080,
    'serve-hostname': 9376,
    liveness: 8080,
    'test-webserver': 80,
    nettest: 8080,
    porter: 80,
    'no-snat-test-proxy': 31_235,
    'net-echo': 8080,
  }[commandOf(call)]
  return Number(flags['http-port'] ?? flags.port ?? fallback ?? 8080)
}

function commandOf(call: Call): string {
  return argumentsOf(call)[0] ?? ''
}

const servers: readonly string[] = [
  'netexec',
  'serve-hostname',
  'liveness',
  'test-webserver',
  'nettest',
  'porter',
  'grpc-health-checking',
  'guestbook',
  'webhook',
  'net-echo',
  'entrypoint-tester',
]

const server = defineServer({
  names: ['agnhost-server'],
  ports: (call) => (commandOf(call) === 'grpc-health-checking' ? [5000, 8080] : [portOf(call)]),
  startMs: 40,
  says: (call, moment) =>
    moment === 'ready'
      ? `${formatDate(call.kernel.host.now(), '%Y/%m/%d %T')} Started HTTP server on port ${portOf(call)}\n`
      : '',
  answer: answerOf,
  memoryBytes: 12 * mebibyte,
  stop: { afterMs: 5, code: 2 },
})

function answerOf(call: Call, _: number, request: ServiceRequest): ServiceAnswer | undefined {
  const { host } = call.kernel
  const [path, query] = request.path.split('?') as [string, string | undefined]
  const word = (name: string): string | undefined =>
    query
      ?.split('&')
      .map((one) => one.split('='))
      .find(([key]) => key === name)?.[1]
  const ageMs = host.now() - call.process.startedAt
  switch (commandOf(call)) {
    case 'liveness':
      // upstream: test/images/agnhost/liveness: healthy for ten seconds, then no more
      if (path !== '/healthz') return ok(`${(ageMs / 1000).toFixed(6)}s`)
      return ageMs > 10_000 ? refusal(500, `error: ${ageMs / 1000}`) : ok('ok')
    case 'serve-hostname':
      return ok(surroundingsOf(call).hostname)
    case 'grpc-health-checking': {
      const memo = serverMemo(call)
      if (path === '/make-not-serving') memo.isDown = true
      if (path === '/make-serving') memo.isDown = false
      if (path.startsWith('/make')) host.answersChanged(call.kernel)
      return { status: memo.isDown ? 503 : 200, body: '' }
    }
    case 'netexec':
      return netexec(call, path, word)
    default:
      return ok('ok\n')
  }
}

function netexec(call: Call, path: string, word: (name: string) => string | undefined): ServiceAnswer {
  const { host } = call.kernel
  switch (path) {
    case '/':
      return ok(`NOW: ${formatDate(host.now(), '%F %T')} +0000 UTC`)
    case '/hostname':
    case '/hostName':
      return ok(surroundingsOf(call).hostname)
    case '/healthz':
    case '/readyz':
      return ok('')
    case '/echo':
      return { status: Number(word('code') ?? 200), body: decodeURIComponent(word('msg') ?? '') }
    case '/clientip':
      return ok('10.244.0.1:40000')
    case '/exit':
      serverMemo(call).exitCode = Number(word('code') ?? 0)
      call.process.signals.push('EXIT')
      return ok('')
    case '/shutdown':
      call.process.signals.push('TERM')
      return ok('')
    default:
      return refusal(404, '404 page not found\n')
  }
}

/** The test image of Kubernetes' own end-to-end tests, with the subcommands that examples use. */
export const agnhost: Tool = Object.freeze({
  ...server,
  names: Object.freeze(['agnhost']),
  step(call: Call): Step {
    const command = commandOf(call)
    if (servers.includes(command)) return server.step(call)
    if (command === 'pause' || command === '') {
      if (command === 'pause' && call.process.memo.hasSaid !== true) print(call, 'Paused\n')
      call.process.memo.hasSaid = true
      return { for: 'ever' }
    }
    if (command === 'logs-generator') return { for: 'ever' }
    if (command === 'help' || command === '--version') return 0
    complain(call, `Error: unknown command "${command}" for "app"\n`)
    return 1
  },
  signal(call: Call, name: string) {
    if (name === 'EXIT') return Number(serverMemo(call).exitCode ?? 0)
    if (servers.includes(commandOf(call))) return server.signal!(call, name)
    return name === 'TERM' || name === 'INT' ? (commandOf(call) === 'pause' ? 0 : 2) : 'ignored'
  },
})
