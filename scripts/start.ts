// `npm start`: build what is missing, serve the page, say where it is, and show it where there is a screen.
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { ensureBuilt, serveSite } from './site.ts'
import type { Site } from './site.ts'

const { values } = parseArgs({ options: { port: { type: 'string' }, 'no-open': { type: 'boolean', default: false } } })
const directory = await ensureBuilt()
const site = await serve(values.port === undefined ? undefined : Number(values.port))
process.stdout.write(`\n  Drydock is at ${site.url}\n  Ctrl-C stops it.\n\n`)
if (!values['no-open'] && hasDisplay()) openBrowser(site.url)

async function serve(port: number | undefined): Promise<Site> {
  if (port !== undefined) return serveSite(directory, { port })
  // A fixed port keeps a visitor's saved work, which belongs to the address; when it is taken, any other will do.
  return serveSite(directory, { port: 4173 }).catch(() => serveSite(directory))
}

function hasDisplay(): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)
}

function openBrowser(url: string): void {
  const [command, ...args] = opener(url)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined) // nothing to open it with: the address is printed above
  child.unref()
}

function opener(url: string): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', url]
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '', url]
  return ['xdg-open', url]
}
