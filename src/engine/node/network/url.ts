/** Where a request goes. */
export interface Target {
  readonly scheme: 'http' | 'https' | 'tcp'
  readonly host: string
  readonly port: number
  /** with the query, at least `/` */
  readonly path: string
}

const ports = { http: 80, https: 443, tcp: 80 } as const

/** Reads `http://web:8080/hello?name=you`; the scheme may be left out. Undefined for what is no address. */
export function parseTarget(url: string): Target | undefined {
  const match = /^(?:(https?|tcp):\/\/)?([^/:?#\s]+)(?::(\d{1,5}))?(\/[^#\s]*|\?[^#\s]*)?(?:#\S*)?$/.exec(url.trim())
  if (match === null) return undefined
  const [, scheme = 'http', host, port, path = '/'] = match
  const number = port === undefined ? ports[scheme as Target['scheme']] : Number(port)
  if (number < 1 || number > 65_535) return undefined
  return {
    scheme: scheme as Target['scheme'],
    host: host!,
    port: number,
    path: path.startsWith('/') ? path : `/${path}`,
  }
}
