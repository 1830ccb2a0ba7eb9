const report: readonly string[] = Object.freeze(['get', 'patch', 'update'])
const connection: readonly string[] = Object.freeze(['create', 'get'])
const order: readonly string[] = Object.freeze(['create'])

const verbs: Readonly<Record<string, readonly string[]>> = {
  status: report,
  scale: report,
  ephemeralcontainers: report,
  resize: report,
  approval: report,
  finalize: ['update'],
  log: ['get'],
  attach: connection,
  exec: connection,
  portforward: connection,
  proxy: ['create', 'delete', 'get', 'patch', 'update'],
}

/** What can be done at a subresource: an order (`binding`, `eviction`, `token`) can only be given. */
export function verbsAt(subresource: string): readonly string[] {
  return verbs[subresource] ?? order
}
