import { formatTime } from '../../../api/index.ts'
import { remembered } from '../../remembered.ts'
import { filesOf, isFileError, print, surroundingsOf, variableOf } from '../kernel/io.ts'
import type { ServiceAnswer, ServiceRequest } from '../kernel/host.ts'
import { signal } from '../kernel/processes.ts'
import type { Call, Tool } from '../kernel/tool.ts'
import { formatDate } from '../tools/date.ts'
import { phraseOf } from '../tools/exchange.ts'
import { defineServer, ok, refusal } from './server.ts'

const mebibyte = 1_048_576

/** A line in the common log format. */
export function accessLine(call: Call, request: ServiceRequest, answer: ServiceAnswer): string {
  const when = formatDate(call.kernel.host.now(), '%d/%b/%Y:%T %z')
  return `${request.client ?? '10.244.0.1'} - - [${when}] "${request.method} ${request.path} HTTP/1.1" ${answer.status} ${answer.body.length} "-" "${request.headers['User-Agent'] ?? '-'}" "-"\n`
}

/** Serves a directory of the container: index files, 403 for directories without, 404 for what is not there. */
export function serveFiles(call: Call, root: string, request: ServiceRequest, server: string): ServiceAnswer {
  const path = decoded(request.path.split('?')[0]!)
  const files = filesOf(call)
  const place = `${root}${path}`.replace(/\/+/g, '/').replace(/\/$/, '') || '/'
  const node = files.find(place)
  const target =
    node?.kind === 'directory'
      ? ['index.html', 'index.htm'].map((name) => `${place}/${name}`).find((one) => files.find(one))
      : place
  if (node?.kind === 'directory' && target === undefined) return errorPage(403, server)
  const text = target === undefined ? undefined : files.read(target)
  if (text === undefined || isFileError(text)) return errorPage(404, server)
  return {
    status: 200,
    body: request.method === 'HEAD' ? '' : text,
    headers: { Server: server, 'Content-Type': /\.html?$/.test(target ?? '') ? 'text/html' : 'text/plain' },
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function errorPage(status: number, server: string): ServiceAnswer {
  const title = `${status} ${phraseOf(status)}`
  const body = `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>\n<hr><center>${server}</center>\n</body>\n</html>\n`
  return { status, body, headers: { Server: server, 'Content-Type': 'text/html' } }
}

/** What of nginx's configuration is understood. */
interface Site {
  readonly ports: readonly number[]
  readonly root: string
  readonly answers: readonly { readonly path: string; readonly status: number; readonly text: string }[]
  readonly proxy: string | undefined
}

const plainSite: Site = Object.freeze({
  ports: [80],
  root: '/usr/share/nginx/html',
  answers: [],
  proxy: undefined,
})

function siteOf(call: Call): Site {
  const hasOwn = call.kernel.mounts.some(({ path }) => path.startsWith('/etc/nginx') || path === '/etc')
  if (!hasOwn && call.process.memo.hasConfig !== true) return plainSite
  const main = filesOf(call).read('/etc/nginx/nginx.conf')
  const parts = (filesOf(call).list('/etc/nginx/conf.d') ?? [])
    .filter((name) => name.endsWith('.conf'))
    .map((name) => filesOf(call).read(`/etc/nginx/conf.d/${name}`))
  const text = [main, ...parts].filter((one): one is string => typeof one === 'string').join('\n')
  const ports = [...text.matchAll(/^\s*listen\s+(?:[\d.]+:|\[::\]:|\*:)?(\d+)/gm)].map((match) => Number(match[1]))
  const answers = [
    ...text.matchAll(/location\s+(?:=\s*)?(\S+)\s*\{[^}]*?return\s+(\d+)\s*(?:"([^"]*)"|'([^']*)'|([^;"']*))?;/g),
  ].map((match) => ({
    path: match[1]!,
    status: Number(match[2]),
    text: (match[3] ?? match[4] ?? match[5] ?? '').replace(/\\n/g, '\n'),
  }))
  const root = /^\s*root\s+([^;]+);/m.exec(text)?.[1] ?? plainSite.root
  const proxy = /proxy_pass\s+https?:\/\/([^;/\s]+)/.exec(text)?.[1]
  return { ports: ports.length > 0 ? [...new Set(ports)] : [80], root, answers, proxy }
}

function proxied(call: Call, target: string, request: ServiceRequest): ServiceAnswer {
  const { host } = call.kernel
  const [name, port] = target.split(':')
  const connection = host.connect(call.kernel, name!, Number(port ?? 80))
  if (connection.outcome !== 'connected') return errorPage(502, 'nginx')
  const answer = host.ask(call.kernel, connection, Number(port ?? 80), request)
  return answer ? { ...answer, delayMs: (answer.delayMs ?? 1) + 1 } : errorPage(504, 'nginx')
}

function nginxAnswer(call: Call, _: number, request: ServiceRequest): ServiceAnswer {
  const site = siteOf(call)
  const path = request.path.split('?')[0]!
  const fixed = site.answers.find((one) => (one.path.endsWith('/') ? path.startsWith(one.path) : path === one.path))
  if (fixed)
    return fixed.status >= 300 && fixed.status < 400
      ? { status: fixed.status, body: '', headers: { Location: fixed.text } }
      : refusal(fixed.status, fixed.text)
  const version = versionOf(call)
  return site.proxy
    ? proxied(call, site.proxy, request)
    : serveFiles(call, site.root, request, version ? `nginx/${version}` : 'nginx')
}

function versionOf(call: Call): string {
  return variableOf(call, 'NGINX_VERSION') ?? ''
}

/** What nginx writes when it is ready, as a format of `date`: all that are ready in the same second write the same. */
const readyLines = remembered((version) => {
  const stamp = '%Y/%m/%d %T [notice] 1#1:'
  return `${stamp} nginx/${version.replaceAll('%', '%%')}\n${stamp} start worker processes\n`
})

/** nginx, as its image runs it. `-T`, `-t` and `-v` answer at once; `-s quit` tells the running one to stop. */
const nginxServer = defineServer({
  names: ['nginx'],
  ports: (call) => siteOf(call).ports,
  startMs: 60,
  says(call, moment) {
    if (moment === 'start') return `/docker-entrypoint.sh: Configuration complete; ready for start up\n`
    const now = call.kernel.host.now()
    if (moment === 'ready') return formatDate(now, readyLines(versionOf(call)))
    return `${formatDate(now, '%Y/%m/%d %T')} [notice] 1#1: signal 3 (SIGQUIT) received, shutting down\n`
  },
  answer: nginxAnswer,
  log: accessLine,
  cpuMs: 0.1,
  latencyMs: 1,
  memoryBytes: 6 * mebibyte,
  stop: { afterMs: 40, code: 0 },
})

/** The word of a command line that asks for something else than a server. */
function askedFor(argv: readonly string[]): string | undefined {
  // a frozen list is slow to iterate
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index]!
    if (word.length === 2 && word.startsWith('-') && 'tTvVs'.includes(word[1]!)) return word
  }
  return undefined
}

/** nginx with its command line. */
export const nginx: Tool = Object.freeze({
  ...nginxServer,
  step(call: Call) {
    const words = call.process.argv
    const option = askedFor(words)
    if (option === undefined) return nginxServer.step(call)
    if (option === '-s') {
      const master = call.kernel.state.processes.find(
        (one) => one.program === 'nginx' && one !== call.process && one.ports.length > 0,
      )
      if (!master) return 1
      const order = words[words.indexOf('-s') + 1]
      if (order !== 'reload' && order !== 'reopen') signal(call.kernel, master, order === 'stop' ? 'TERM' : 'QUIT')
      return 0
    }
    if (option === '-v' || option === '-V') print(call, `nginx version: nginx/${versionOf(call)}\n`)
    else {
      print(
        call,
        'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n',
      )
      const text = option === '-T' ? filesOf(call).read('/etc/nginx/conf.d/default.conf') : ''
      if (typeof text === 'string' && text !== '')
        print(call, `# configuration file /etc/nginx/conf.d/default.conf:\n${text}`)
    }
    return 0
  },
})

/** Apache's httpd. */
export const httpd = defineServer({
  names: ['httpd', 'httpd-foreground', 'apache2-foreground', 'apache2'],
  ports: (call) => (surroundingsOf(call).ports.length > 0 ? surroundingsOf(call).ports.slice(0, 1) : [80]),
  startMs: 120,
  says: (call, moment) =>
    moment === 'start'
      ? ''
      : `[${formatDate(call.kernel.host.now(), '%a %b %d %T')}.000000 ${'2026'}] [core:notice] [pid 1] AH00094: ${moment === 'ready' ? "Command line: 'httpd -D FOREGROUND'" : 'caught SIGWINCH, shutting down gracefully'}\n`,
  answer: (call, _, request) =>
    serveFiles(
      call,
      filesOf(call).find('/usr/local/apache2/htdocs') ? '/usr/local/apache2/htdocs' : '/var/www/html',
      request,
      'Apache/2.4 (Unix)',
    ),
  log: accessLine,
  cpuMs: 0.3,
  memoryBytes: 12 * mebibyte,
  stop: { afterMs: 100, code: 0, signals: ['TERM', 'WINCH', 'INT'] },
})

/** PHP pages that calculate: the example of the autoscaling tutorial. */
export const phpLoad = defineServer({
  names: ['php-load'],
  ports: [80],
  startMs: 400,
  answer: () => ok('OK!', 'text/html'),
  log: accessLine,
  cpuMs: 60,
  latencyMs: 60,
  memoryBytes: 14 * mebibyte,
  stop: { afterMs: 100, code: 0, signals: ['TERM', 'WINCH', 'INT'] },
})

/** The guestbook's front end: it keeps messages in Redis by name. */
export const guestbook = defineServer({
  names: ['guestbook'],
  ports: [80],
  startMs: 600,
  answer(call, _, request) {
    const [path, query] = request.path.split('?')
    if (path !== '/guestbook.php')
      return ok('<html><head><title>Guestbook</title></head><body><h2>Guestbook</h2></body></html>\n', 'text/html')
    const words = Object.fromEntries((query ?? '').split('&').map((one) => one.split('=')) as [string, string][])
    const target = words.cmd === 'set' ? 'redis-leader' : 'redis-follower'
    const connection = call.kernel.host.connect(call.kernel, target, 6379)
    if (connection.outcome !== 'connected') return refusal(500, '')
    const command =
      words.cmd === 'set' ? ['SET', words.key ?? '', decoded(words.value ?? '')] : ['GET', words.key ?? '']
    const answer = call.kernel.host.ask(call.kernel, connection, 6379, {
      protocol: 'redis',
      method: command[0]!,
      path: '',
      host: target,
      headers: {},
      body: JSON.stringify(command),
    })
    return ok(
      words.cmd === 'set' ? '{"message": "Updated"}' : JSON.stringify({ data: answer?.body ?? '' }),
      'application/json',
    )
  },
  log: accessLine,
  cpuMs: 3,
  latencyMs: 5,
  memoryBytes: 20 * mebibyte,
  stop: { afterMs: 100, code: 0, signals: ['TERM', 'WINCH', 'INT'] },
})

/** Google's sample: greets with its version and host name. A Go program: SIGTERM ends it with 2. */
export const helloApp = defineServer({
  names: ['hello-app'],
  ports: (call) => [Number(variableOf(call, 'PORT') ?? 8080)],
  startMs: 30,
  says: (call, moment) =>
    moment === 'ready'
      ? `${formatDate(call.kernel.host.now(), '%Y/%m/%d %T')} Server listening on port ${variableOf(call, 'PORT') ?? 8080}\n`
      : '',
  answer: (call) =>
    ok(
      `Hello, world!\nVersion: ${variableOf(call, 'APP_VERSION') ?? '1.0.0'}\nHostname: ${surroundingsOf(call).hostname}\n`,
    ),
  log: (call, request) => `${formatDate(call.kernel.host.now(), '%Y/%m/%d %T')} Serving request: ${request.path}\n`,
  memoryBytes: 5 * mebibyte,
  stop: { afterMs: 1, code: 2 },
})

/** Says one text to everybody. */
export const httpEcho = defineServer({
  names: ['http-echo'],
  ports: (call) => [Number(/:(\d+)/.exec(optionOf(call, 'listen') ?? '')?.[1] ?? 5678)],
  startMs: 20,
  check(call) {
    if (optionOf(call, 'text') !== undefined || variableOf(call, 'ECHO_TEXT') !== undefined) return undefined
    print(call, 'Missing -text option!\n')
    return 127
  },
  says: (call, moment) =>
    moment === 'ready'
      ? `${formatDate(call.kernel.host.now(), '%Y/%m/%d %T')} [INFO] server is listening on :5678\n`
      : '',
  answer: (call) => ok(`${optionOf(call, 'text') ?? variableOf(call, 'ECHO_TEXT')}\n`),
  memoryBytes: 4 * mebibyte,
  stop: { afterMs: 10, code: 0 },
})

function optionOf(call: Call, name: string): string | undefined {
  const { argv } = call.process
  for (let index = 1; index < argv.length; index++) {
    const match = /^--?([\w-]+)(?:=([^]*))?$/.exec(argv[index]!)
    if (match?.[1] === name) return match[2] ?? argv[index + 1]
  }
  return undefined
}

/** Tells who was asked by whom: traefik/whoami, echoserver, serve_hostname. */
export const whoamiServer = defineServer({
  names: ['whoami-server'],
  ports: (call) => [Number(optionOf(call, 'port') ?? surroundingsOf(call).ports[0] ?? 80)],
  startMs: 30,
  answer: (call, _, request) =>
    ok(
      `Hostname: ${surroundingsOf(call).hostname}\nIP: ${surroundingsOf(call).address}\n${request.method} ${request.path} HTTP/1.1\nHost: ${request.host}\n`,
    ),
  memoryBytes: 5 * mebibyte,
  stop: { afterMs: 1, code: 2 },
})

/** A server of which nothing is known but its ports: images outside the catalogue, and big ones nobody looks into. */
export const unknown = defineServer({
  names: ['unknown', 'app-server'],
  ports: (call) => surroundingsOf(call).ports,
  startMs: 500,
  answer: (call, _, request) =>
    ok(`${surroundingsOf(call).hostname} ${request.path} ${formatTime(call.kernel.host.now())}\n`),
  cpuMs: 1,
  latencyMs: 2,
  idleMilli: 1,
  memoryBytes: 24 * mebibyte,
  stop: { afterMs: 200, code: 0 },
})

/** CoreDNS: names are the network's business, health and readiness are its own. */
export const coredns = defineServer({
  names: ['coredns'],
  ports: [53, 8080, 8181, 9153],
  startMs: 400,
  says: (_, moment) => (moment === 'start' ? '.:53\nCoreDNS-1.14.2\n' : ''),
  answer: () => ok('OK'),
  idleMilli: 3,
  memoryBytes: 16 * mebibyte,
  stop: { afterMs: 5000, code: 0, keepsServing: true },
})

/** Programs of an unknown image that `exec` and hooks run: they end well at once. */
export const unknownTool: Tool = Object.freeze({ names: ['unknown-tool'], step: () => 0 })

/** A Java server: slow to start, large, ends by SIGTERM with 143. */
export const javaServer = defineServer({
  names: ['java', 'java-server', 'catalina.sh', 'jenkins.sh'],
  ports: (call) => (surroundingsOf(call).ports.length > 0 ? surroundingsOf(call).ports : [8080]),
  startMs: 12_000,
  says: (_, moment) => (moment === 'ready' ? 'Server startup complete\n' : ''),
  answer: () => ok('<html><body>ok</body></html>\n', 'text/html'),
  cpuMs: 4,
  latencyMs: 8,
  idleMilli: 5,
  memoryBytes: 350 * mebibyte,
  stop: { afterMs: 800, code: 143 },
})

/** Python's own web server, other modules and scripts. */
const pythonServer = defineServer({
  names: ['python'],
  ports: (call) => {
    const { argv } = call.process
    const at = argv.indexOf('http.server')
    const port = at < 0 ? Number.NaN : Number(argv[at + 1])
    return at < 0 ? surroundingsOf(call).ports : [Number.isNaN(port) ? 8000 : port]
  },
  startMs: 250,
  says: (call, moment) =>
    moment === 'ready' && call.process.argv.includes('http.server')
      ? `Serving HTTP on 0.0.0.0 port ${call.process.ports[0]} (http://0.0.0.0:${call.process.ports[0]}/) ...\n`
      : '',
  answer(call, _, request) {
    if (!call.process.argv.includes('http.server')) return ok('ok\n')
    const path = request.path.split('?')[0]!
    const place = `${call.process.cwd}${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1')
    const names = filesOf(call).list(place)
    if (!names || names.includes('index.html'))
      return serveFiles(call, call.process.cwd, request, 'SimpleHTTP/0.6 Python/3')
    return ok(
      `<!DOCTYPE HTML>\n<title>Directory listing for ${path}</title>\n${names.map((name) => `<li><a href="${name}">${name}</a></li>\n`).join('')}`,
      'text/html',
    )
  },
  log: accessLine,
  cpuMs: 1,
  memoryBytes: 18 * mebibyte,
  stop: 'default',
})

/** The Python interpreter: modules and scripts run as servers, short programs by a small reader of the language. */
export const pythonTool = pythonServer

const nodeServer = defineServer({
  names: ['node-server'],
  ports: (call) => {
    const given = Number(variableOf(call, 'PORT'))
    return surroundingsOf(call).ports.length > 0 ? surroundingsOf(call).ports : [Number.isNaN(given) ? 3000 : given]
  },
  startMs: 400,
  answer: () => ok('ok\n'),
  cpuMs: 1,
  memoryBytes: 40 * mebibyte,
  stop: 'default',
})

/** Node.js: a script that exists, or `npm start`, is a server at its declared port or PORT; without one it ends, as nobody types. */
export const nodeJs: Tool = Object.freeze({
  ...nodeServer,
  names: Object.freeze(['node', 'nodejs', 'npm-start']),
  step(call: Call) {
    const words = call.process.argv.slice(1)
    const texts = words.flatMap((word, index) => (word === '-e' || word === '-p' ? [words[index + 1] ?? ''] : []))
    if (texts.length > 0) {
      for (const match of texts[0]!.matchAll(/console\.log\((["'`])([^]*?)\1\)/g)) print(call, `${match[2]}\n`)
      return Number(/process\.exit\((\d+)\)/.exec(texts[0]!)?.[1] ?? 0)
    }
    const script = words.find((word) => !word.startsWith('-'))
    if (script === undefined) {
      if (words.length > 0) print(call, 'v24.9.0\n')
      return 0
    }
    const path = `${script.startsWith('/') ? '' : `${call.process.cwd}/`}${script}`.replace(/\/+/g, '/')
    const isThere = script === 'start' || filesOf(call).find(path) !== undefined || surroundingsOf(call).isOpen
    if (isThere) return nodeServer.step(call)
    print(call, `Error: Cannot find module '${path}'\n`)
    return 1
  },
})
