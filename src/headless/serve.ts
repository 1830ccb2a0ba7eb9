import { createServer, type IncomingMessage } from 'node:http'
import { createSession } from '#session'

/** Opens a cluster as an HTTP API server on loopback: `npm run serve -- --port 6443 [--nodes 3] [--speed 1]`. */
const words = process.argv.slice(2)
const option = (name: string, usual: number): number => {
  const index = words.indexOf(`--${name}`)
  return index < 0 ? usual : Number(words[index + 1])
}
const port = option('port', 6443)
const speed = option('speed', 1)
const session = createSession({ cluster: { seed: option('seed', 1), nodes: option('nodes', 3) } })

let last = performance.now()
setInterval(() => {
  const wall = performance.now()
  session.advanceTo(session.now() + (wall - last) * speed)
  last = wall
}, 20)

const bodyMax = 3 * 2 ** 20

createServer((request, response) => {
  void bodyOf(request).then((text) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const body = text === '' ? {} : { body: text }
    const answer = session.request({ method: request.method ?? 'GET', path: request.url ?? '/', headers, ...body })
    const warnings = answer.warnings.map((warning) => `299 - ${JSON.stringify(warning)}`)
    if (warnings.length > 0) response.setHeader('warning', warnings)
    response.writeHead(answer.code, { ...answer.headers })
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
}).listen(port, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${port}\n`))

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > bodyMax) break
  }
  return text
}
