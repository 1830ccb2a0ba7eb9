import { bareServer, pathOf, type Bare, type Thing } from '../../golden/api/server.ts'

/** What a server says to an object: the refusal's message without its beginning, or an empty text. */
export function askerOf(apiVersion: string, kind: string, bare: Bare = bareServer()) {
  const full = (rest: object, name = 'web'): Thing => ({ apiVersion, kind, metadata: { name }, ...rest })
  let updates = 0
  const told = (body: unknown): string => {
    const { message = '', code } = body as { readonly message?: string; readonly code?: number }
    return code === undefined ? '' : message.replace(/^.*? is invalid: /s, '')
  }
  return {
    bare,
    /** Tries to create it; nothing is stored. */
    create: (rest: object, name?: string): string =>
      told(bare.create(full(rest, name), 'default', '?dryRun=All&fieldValidation=Strict').body),
    warnings: (rest: object, name?: string) => bare.create(full(rest, name), 'default', '?dryRun=All').warnings,
    /** Creates one and tries to replace it by another. */
    update(before: object, after: object, name = `web-${updates++}`): string {
      const path = `${pathOf(full({}), 'default')}/${name}`
      const first = bare.create(full(before, name), 'default')
      const refused = told(first.body)
      if (refused !== '') throw new Error(refused)
      return told(bare.send('PUT', path, full(after, name)).body)
    },
    /** What is stored of it. */
    stored: (rest: object, name?: string) => bare.create(full(rest, name), 'default', '?dryRun=All').body as Thing,
  }
}
