import { readLine } from '../kernel/descriptors.ts'
import {
  argumentsOf,
  complain,
  environmentOf,
  filesOf,
  memoOf,
  parseOptions,
  print,
  surroundingsOf,
  variableOf,
} from '../kernel/io.ts'
import type { ServiceAnswer, ServiceRequest } from '../kernel/host.ts'
import { useMemory } from '../kernel/processes.ts'
import { defineTool, type Call, type Step, type Tool } from '../kernel/tool.ts'
import { formatDate } from '../tools/date.ts'
import { advance, newExchange } from '../tools/exchange.ts'
import { defineServer, serverMemo, type ServerSpec } from './server.ts'

const mebibyte = 1_048_576

/** Redis, with the few commands that examples use. Its data lives in its process, as in life without a volume. */
export const redisServer = defineServer({
  names: ['redis-server'],
  ports: (call) => {
    const { argv } = call.process
    return [Number(argv[argv.indexOf('--port') + 1] ?? NaN) || 6379]
  },
  startMs: 80,
  says(call, moment) {
    const stamp = `1:M ${formatDate(call.kernel.host.now(), '%d %b %Y %T')}.000`
    if (moment === 'start') return `1:C ${stamp.slice(4)} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n`
    return moment === 'ready'
      ? `${stamp} * Ready to accept connections tcp\n`
      : `${stamp} * User requested shutdown...\n${stamp} # Redis is now ready to exit, bye bye...\n`
  },
  answer: redisAnswer,
  cpuMs: 0.02,
  latencyMs: 0.5,
  idleMilli: 2,
  memoryBytes: 8 * mebibyte,
  stop: { afterMs: 60, code: 0 },
})

type RedisValue = string | string[]

function redisAnswer(call: Call, _: number, request: ServiceRequest): ServiceAnswer {
  if (request.protocol !== 'redis') return { status: 0, body: request.body.startsWith('PING') ? '+PONG\r\n' : '' }
  const memo = serverMemo(call)
  const data = (memo.data ??= {}) as Record<string, RedisValue>
  return { status: 0, body: redisCommand(call, data, JSON.parse(request.body) as string[]) }
}

function redisCommand(call: Call, data: Record<string, RedisValue>, words: readonly string[]): string {
  const [verb, key = '', ...rest] = words
  const value = Object.hasOwn(data, key) ? data[key] : undefined
  const list = Array.isArray(value) ? value : []
  switch ((verb ?? '').toUpperCase()) {
    case 'PING':
      return key || 'PONG'
    case 'ECHO':
      return key
    case 'SET':
      data[key] = rest[0] ?? ''
      return 'OK'
    case 'GET':
      return typeof value === 'string' ? value : ''
    case 'INCR':
    case 'INCRBY':
    case 'DECR': {
      const by = verb!.toUpperCase() === 'DECR' ? -1 : Number(rest[0] ?? 1)
      data[key] = String((Number(value ?? 0) || 0) + by)
      return `(integer) ${data[key] as string}`
    }
    case 'DEL': {
      const gone = [key, ...rest].filter((one) => Object.hasOwn(data, one))
      for (const one of gone) delete data[one]
      return `(integer) ${gone.length}`
    }
    case 'EXISTS':
      return `(integer) ${value === undefined ? 0 : 1}`
    case 'KEYS':
      return Object.keys(data).join('\n')
    case 'DBSIZE':
      return `(integer) ${Object.keys(data).length}`
    case 'FLUSHALL':
      for (const one of Object.keys(data)) delete data[one]
      return 'OK'
    case 'LPUSH':
    case 'RPUSH':
      data[key] = verb!.toUpperCase() === 'LPUSH' ? [...rest.toReversed(), ...list] : [...list, ...rest]
      return `(integer) ${(data[key] as string[]).length}`
    case 'LPOP':
    case 'RPOP': {
      const taken = verb!.toUpperCase() === 'LPOP' ? list[0] : list.at(-1)
      data[key] = verb!.toUpperCase() === 'LPOP' ? list.slice(1) : list.slice(0, -1)
      return taken ?? ''
    }
    case 'LLEN':
      return `(integer) ${list.length}`
    case 'LRANGE':
      return list.map((one, index) => `${index + 1}) "${one}"`).join('\n')
    case 'CONFIG':
      return redisConfig(call, rest[0] ?? '')
    case 'INFO':
      return `# Server\nredis_version:${variableOf(call, 'REDIS_VERSION') ?? '7'}\n# Replication\nrole:master`
    default:
      return `(error) ERR unknown command '${verb ?? ''}'`
  }
}

function redisConfig(call: Call, name: string): string {
  const path = call.process.argv.find((word) => word.endsWith('.conf'))
  const text = path === undefined ? '' : filesOf(call).read(path)
  const line = typeof text === 'string' ? new RegExp(`^${name}\\s+(.*)$`, 'm').exec(text) : null
  const value = line?.[1] ?? { maxmemory: '0', 'maxmemory-policy': 'noeviction' }[name] ?? ''
  const size = /^(\d+)(mb|gb|kb)$/.exec(value)
  const bytes = size
    ? Number(size[1]) * { kb: 1024, mb: mebibyte, gb: mebibyte * 1024 }[size[2] as 'kb' | 'mb' | 'gb']
    : value
  return `1) "${name}"\n2) "${bytes}"`
}

/** Asks Redis: one command, or those it reads. */
export const redisCli = defineTool({
  names: ['redis-cli'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['h', 'p', 'a', 'n'], true)
    const host = String(flags.h ?? '127.0.0.1')
    const port = Number(flags.p ?? 6379)
    const memo = memoOf(call, () => ({ exchange: newExchange(), words: [...operands], hasPrompted: false }))
    for (;;) {
      if (memo.words.length === 0) {
        if (surroundingsOf(call).isTty && !memo.hasPrompted) print(call, `${host}:${port}> `)
        memo.hasPrompted = true
        const line = readLine(call.kernel, call.process, 0)
        if (line === undefined) return { for: 'input', fd: 0 }
        if (line === '' || /^(exit|quit)\s*$/i.test(line)) return 0
        memo.words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ''))
        memo.hasPrompted = false
        continue
      }
      const request = {
        protocol: 'redis' as const,
        method: memo.words[0]!,
        path: '',
        host,
        headers: {},
        body: JSON.stringify(memo.words),
      }
      const wait = advance(call, memo.exchange, { host, port, timeoutMs: Infinity, request })
      if (wait) return wait
      const { outcome, answer } = memo.exchange
      if (outcome !== 'answered') {
        complain(
          call,
          `Could not connect to Redis at ${host}:${port}: ${outcome === 'nxdomain' ? 'Name or service not known' : 'Connection refused'}\n`,
        )
        return 1
      }
      print(call, `${answer!.body}\n`)
      if (operands.length > 0) return 0
      Object.assign(memo, { exchange: newExchange(), words: [] })
    }
  },
})

interface DatabaseSpec {
  readonly names: readonly string[]
  readonly port: number
  readonly startMs: number
  readonly memoryBytes: number
  /** variables of which one must be set, and what it says otherwise */
  readonly needs?: readonly string[]
  readonly complaint?: string
  readonly ready: string
  readonly stop: ServerSpec['stop']
  readonly idleMilli?: number
}

function database(spec: DatabaseSpec): Tool {
  return defineServer({
    names: spec.names,
    ports: (call) => [Number(/--port[= ](\d+)/.exec(call.process.argv.join(' '))?.[1] ?? spec.port)],
    startMs: spec.startMs,
    check(call) {
      const { needs } = spec
      if (!needs || needs.some((name) => environmentOf(call)[name] !== undefined)) return undefined
      complain(call, `${spec.complaint}\n`)
      return 1
    },
    says: (call, moment) =>
      moment === 'ready' ? `${formatDate(call.kernel.host.now(), '%F %T')} ${spec.ready}\n` : '',
    answer: (_, __, request) => ({ status: 0, body: request.protocol === 'sql' ? sqlAnswer(request.body) : '' }),
    cpuMs: 0.5,
    latencyMs: 2,
    idleMilli: spec.idleMilli ?? 5,
    memoryBytes: spec.memoryBytes,
    stop: spec.stop,
  })
}

function sqlAnswer(query: string): string {
  const number = /^\s*select\s+(\d+)\s*;?\s*$/i.exec(query)
  return number ? `${number[1]}\n${number[1]}\n` : ''
}

/** MySQL and MariaDB refuse to start without a root password. */
export const mysqld = database({
  names: ['mysqld', 'mariadbd'],
  port: 3306,
  startMs: 6000,
  memoryBytes: 380 * mebibyte,
  needs: [
    'MYSQL_ROOT_PASSWORD',
    'MYSQL_ALLOW_EMPTY_PASSWORD',
    'MYSQL_RANDOM_ROOT_PASSWORD',
    'MARIADB_ROOT_PASSWORD',
    'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD',
    'MARIADB_RANDOM_ROOT_PASSWORD',
    'MYSQL_ROOT_PASSWORD_FILE',
  ],
  complaint:
    '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD',
  ready: '0 [System] [MY-010931] [Server] mysqld: ready for connections. port: 3306',
  stop: { afterMs: 1500, code: 0 },
})

/** PostgreSQL refuses to start without a superuser password. */
export const postgres = database({
  names: ['postgres'],
  port: 5432,
  startMs: 2500,
  memoryBytes: 40 * mebibyte,
  needs: ['POSTGRES_PASSWORD', 'POSTGRES_HOST_AUTH_METHOD', 'POSTGRES_PASSWORD_FILE'],
  complaint:
    'Error: Database is uninitialized and superuser password is not specified.\n       You must specify POSTGRES_PASSWORD to a non-empty value for the\n       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".',
  ready: 'UTC [1] LOG:  database system is ready to accept connections',
  stop: { afterMs: 300, code: 0 },
})

/** MongoDB. */
export const mongod = database({
  names: ['mongod'],
  port: 27_017,
  startMs: 1200,
  memoryBytes: 160 * mebibyte,
  ready: 'Waiting for connections on port 27017',
  stop: { afterMs: 500, code: 0 },
})

/** memcached. */
export const memcached = database({
  names: ['memcached'],
  port: 11_211,
  startMs: 30,
  memoryBytes: 3 * mebibyte,
  ready: 'server listening',
  stop: { afterMs: 10, code: 0 },
  idleMilli: 0,
})

/** RabbitMQ. */
export const rabbitmq = database({
  names: ['rabbitmq-server'],
  port: 5672,
  startMs: 8000,
  memoryBytes: 130 * mebibyte,
  ready: '[info] Server startup complete; 4 plugins started.',
  stop: { afterMs: 2000, code: 0 },
})

/** etcd, which answers health questions over HTTP and gRPC. */
export const etcdServer = defineServer({
  names: ['etcd'],
  ports: [2379, 2380],
  startMs: 800,
  answer: (_, __, request) => ({
    status: 200,
    body: request.path.startsWith('/health')
      ? '{"health":"true","reason":""}'
      : request.path.startsWith('/version')
        ? '{"etcdserver":"3.5.1","etcdcluster":"3.5.0"}'
        : '',
  }),
  idleMilli: 10,
  memoryBytes: 30 * mebibyte,
  stop: { afterMs: 100, code: 0 },
})

/** Clients that only tell whether the database answers: mysql, mysqladmin, psql, pg_isready, mongosh. */
export const databaseClients = defineTool({
  names: ['mysql', 'mysqladmin', 'mariadb', 'mariadb-admin', 'psql', 'pg_isready', 'mongosh', 'mongo'],
  step(call) {
    const [tool] = call.process.argv
    const name = tool!.slice(tool!.lastIndexOf('/') + 1)
    const { flags, operands } = parseOptions(argumentsOf(call), [
      'h',
      'P',
      'u',
      'U',
      'd',
      'e',
      'c',
      'eval',
      'host',
      'port',
      'D',
    ])
    const isPostgres = /^p/.test(name)
    const port =
      Number(
        (isPostgres ? flags.p : flags.P) ??
          flags.port ??
          (isPostgres ? 5432 : name.startsWith('mongo') ? 27_017 : 3306),
      ) || 3306
    const host = String(flags.h ?? flags.host ?? '127.0.0.1')
    const query = String(flags.e ?? flags.c ?? flags.eval ?? '')
    const memo = memoOf(call, () => ({ exchange: newExchange() }))
    const request = { protocol: 'sql' as const, method: 'QUERY', path: '', host, headers: {}, body: query }
    const wait = advance(call, memo.exchange, { host, port, timeoutMs: 10_000, request })
    if (wait) return wait
    const isThere = memo.exchange.outcome === 'answered'
    if (name === 'pg_isready') {
      print(
        call,
        `${host === '127.0.0.1' ? '/var/run/postgresql' : host}:${port} - ${isThere ? 'accepting connections' : 'no response'}\n`,
      )
      return isThere ? 0 : 2
    }
    if (!isThere) {
      complain(
        call,
        isPostgres
          ? `psql: error: connection to server at "${host}", port ${port} failed: Connection refused\n`
          : name.startsWith('mongo')
            ? `MongoNetworkError: connect ECONNREFUSED ${host}:${port}\n`
            : `ERROR 2003 (HY000): Can't connect to MySQL server on '${host}:${port}' (111)\n`,
      )
      return name.endsWith('admin') ? 1 : isPostgres ? 2 : 1
    }
    if (name.endsWith('admin')) print(call, operands.includes('ping') ? 'mysqld is alive\n' : '')
    else print(call, memo.exchange.answer!.body)
    return 0
  },
})

/** Keeps notes: a small database of the lessons. It listens after two seconds and takes three to stop. */
export const logbook = defineServer({
  names: ['logbook'],
  ports: [6379],
  startMs: 2000,
  says: (_, moment) =>
    moment === 'ready'
      ? 'logbook: open at 6379, notes in /data\n'
      : moment === 'stop'
        ? 'logbook: closing, writing down what is open\n'
        : '',
  answer(call, _, request) {
    const files = filesOf(call)
    if (request.protocol === 'redis') return redisAnswer(call, 6379, request)
    const path = `/data${request.path.split('?')[0]!}`
    if (request.method === 'POST' || request.method === 'PUT') {
      const error = files.write(path, request.body, false)
      return error ? { status: 500, body: `${error.error}\n` } : { status: 201, body: 'noted\n' }
    }
    if (/^\/(ready|live)$/.test(request.path)) return { status: 200, body: 'ok\n' }
    const names = files.list(path)
    if (names) return { status: 200, body: names.map((name) => `${name}\n`).join('') }
    const text = files.read(path)
    return typeof text === 'string' ? { status: 200, body: text } : { status: 404, body: 'no such note\n' }
  },
  memoryBytes: 30 * mebibyte,
  stop: { afterMs: 3000, code: 0 },
})

/** Does nothing and holds the pod's namespaces. */
export const pause = defineTool({
  names: ['pause'],
  step(call): Step {
    if (call.process.memory.bytes > 600_000) useMemory(call.kernel, call.process, 500_000)
    return { for: 'ever' }
  },
  signal: (_, name) => (name === 'TERM' || name === 'INT' ? 0 : 'ignored'),
})
