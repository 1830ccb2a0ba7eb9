import { bareServer, pathOf, type Bare, type Thing } from '../../golden/api/server.ts'

interface Answer {
  readonly message?: string
}

/** One API server for a file of tests; nothing is stored by `refusal`. */
export function door(): { readonly bare: Bare; readonly refusal: (object: object) => string } {
  const bare = bareServer()
  const refusal = (object: object): string => {
    const { code, body } = bare.create(object as Thing, 'default', '?dryRun=All&fieldValidation=Strict')
    return code < 300 ? '' : ((body as Answer).message ?? '').replace(/^.* is invalid: /, '')
  }
  return { bare, refusal }
}

/** Stores `before`, sends `after` in its place; what the server said against it. */
export function updateRefusal(bare: Bare, before: object, change: (stored: Thing) => object, status?: object): string {
  const created = bare.create(before as Thing, 'default').body as Thing
  const path = `${pathOf(created, 'default')}/${String(created.metadata.name)}`
  const given =
    status === undefined ? created : (bare.send('PUT', `${path}/status`, { ...created, status }).body as Thing)
  const { code, body } = bare.send('PUT', path, change(given))
  bare.send('DELETE', `${path}?gracePeriodSeconds=0&propagationPolicy=Background`)
  return code < 300 ? '' : ((body as Answer).message ?? '').replace(/^.* is invalid: /, '')
}

/** The smallest pod template that is accepted. */
export const template = (spec: object = {}): object => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'nginx' }], ...spec },
})
