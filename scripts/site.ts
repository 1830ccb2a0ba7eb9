import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, resolve, sep } from 'node:path'
import { fingerprint, isFresh, markFresh, root } from './freshness.mjs'

/** A folder served over HTTP on this machine only. */
export interface Site {
  url: string
  close(): Promise<void>
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

const sources = ['src', 'public', 'types', 'index.html', 'vite.config.ts', 'package.json', 'package-lock.json']

/** Where the built page lies. */
export const builtDirectory = join(root, 'dist')

/** Builds the page into `dist`, unless the one there was made from the same sources. */
export async function ensureBuilt(): Promise<string> {
  const print = fingerprint(sources)
  if (!isFresh('page', print, ['dist/index.html'])) {
    const { build } = await import('vite') // heavy, and mostly not needed
    await build({ root, logLevel: 'warn' })
    markFresh('page', print)
  }
  return builtDirectory
}

/** Serves a folder as a plain static host would: under a prefix, without rewriting, 404 for what is not there. */
export async function serveSite(directory: string, options: { prefix?: string; port?: number } = {}): Promise<Site> {
  const prefix = options.prefix ?? '/'
  const server = createServer((request, response) => {
    const file = fileOf(directory, prefix, request.url ?? '/')
    if (!file) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n')
      return
    }
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'cache-control': 'no-cache',
    })
    createReadStream(file).pipe(response)
  })
  const { port } = await listen(server, options.port ?? 0)
  return { url: `http://127.0.0.1:${port}${prefix}`, close: () => close(server) }
}

function fileOf(directory: string, prefix: string, url: string): string | undefined {
  const path = pathOf(url)
  if (!path?.startsWith(prefix)) return undefined
  const file = resolve(directory, `./${path.slice(prefix.length)}${path.endsWith('/') ? 'index.html' : ''}`)
  const isInside = file.startsWith(directory + sep)
  return isInside && statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined
}

/** The decoded path of a request's target; undefined where it is malformed. */
function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname)
  } catch {
    return undefined
  }
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', () => done(server.address() as AddressInfo))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done())
    server.closeAllConnections()
  })
}
