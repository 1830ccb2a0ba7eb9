import { requestStages, say, type Cluster, type KubeObject, type TraceRecord } from '#engine'
import type { MessageBox, MessageRow, Messages } from '../protocol.ts'
import { differences } from './differences.ts'
import { answered } from './reading.ts'

const lookBackMax = 4_000

/** The last requests that changed something or were refused, oldest first, with the way each went. */
export function messagesOf(cluster: Cluster, most: number): Messages {
  const { trace } = cluster
  const rows: MessageRow[] = []
  for (let seq = trace.count(); seq > Math.max(0, trace.count() - lookBackMax) && rows.length < most; seq--) {
    const record = trace.at(seq)
    if (record !== undefined && isMessage(record)) rows.push(messageOf(cluster, record))
  }
  return { gates: requestStages, rows: rows.reverse() }
}

/** Whether a record stands for a request that the API server stored or turned down. */
export function isMessage({ revision, what, object }: TraceRecord): boolean {
  return (revision !== undefined && object?.startsWith('Event/') !== true) || what === 'refused'
}

function messageOf(cluster: Cluster, record: TraceRecord): MessageRow {
  const { seq, at, actor, what, object = '', revision, detail } = record
  const reason = String(detail?.['reason'] ?? '')
  return {
    seq,
    at,
    actor,
    from: boxOfActor(actor),
    request: what === 'refused' ? refusedWords(detail) : `${verbs[what] ?? what} ${pathOf(cluster, object, what)}`,
    object,
    sentence: say(record),
    ...(revision !== undefined && { revision }),
    ...(what === 'refused' && { refusedAt: String(detail?.['stage'] ?? ''), reason }),
    heard: revision === undefined ? [] : heardBy(cluster, object),
    type: what === 'created' ? 'ADDED' : what === 'deleted' ? 'DELETED' : 'MODIFIED',
  }
}

const verbs: Readonly<Record<string, string>> = {
  created: 'POST',
  updated: 'PUT',
  statusUpdated: 'PUT',
  bound: 'POST',
  evicted: 'POST',
  deleting: 'DELETE',
  deleted: 'DELETE',
}

const methods: Readonly<Record<string, string>> = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE' }

function refusedWords(detail: TraceRecord['detail']): string {
  const verb = String(detail?.['verb'] ?? '')
  return `${methods[verb] ?? verb.toUpperCase()} ${String(detail?.['resource'] ?? '')}`
}

function pathOf({ api }: Cluster, object: string, what: string): string {
  const [kind = '', ...place] = object.split('/')
  const plural = api.findKind(kind)?.plural ?? kind.toLowerCase()
  const name = place.at(-1) ?? ''
  if (what === 'created') return plural
  const tail =
    what === 'statusUpdated' ? '/status' : what === 'bound' ? '/binding' : what === 'evicted' ? '/eviction' : ''
  return `${plural}/${name}${tail}`
}

function boxOfActor(actor: string): MessageBox {
  if (actor === 'you') return 'client'
  if (actor.includes('scheduler')) return 'scheduler'
  if (actor.startsWith('kubelet') || actor.startsWith('kube-proxy')) return 'kubelet'
  if (actor === 'etcd' || actor === 'kube-apiserver') return 'api'
  return 'controllers'
}

/** Which components have a watch open that an object falls under. */
function heardBy(cluster: Cluster, ref: string): MessageRow['heard'] {
  const [kind = ''] = ref.split('/')
  const object = answered(() => objectOf(cluster, ref)) as
    (KubeObject & { readonly spec?: { readonly nodeName?: string } }) | undefined
  const found = new Map<MessageBox, string[]>()
  for (const { id, kind: watched, fieldSelector } of cluster.watches()) {
    const who = id.split('/')[0] ?? ''
    if (watched !== kind || !isComponent(who) || !isUnder(fieldSelector, object)) continue
    const box = boxOfActor(who)
    const names = found.get(box) ?? []
    if (!names.includes(who)) names.push(who)
    found.set(box, names)
  }
  return [...found].map(([box, names]) => ({ box, names }))
}

const isComponent = (name: string): boolean => /^(kube-|kubelet|cluster-autoscaler|descheduler)/.test(name)

/** Kubelets hear of their own node's pods; whoever asks for no field hears of all. */
function isUnder(selector: string, object: { readonly spec?: { readonly nodeName?: string } } | undefined): boolean {
  const node = /^spec\.nodeName=(.*)$/.exec(selector)?.[1]
  if (node === undefined) return !selector.startsWith('metadata.name=')
  return object?.spec?.nodeName === node
}

function objectOf({ api }: Cluster, ref: string): KubeObject | undefined {
  const [kind = '', second = '', ...rest] = ref.split('/')
  if (api.findKind(kind) === undefined) return undefined
  if (rest.length === 0) return api.find<KubeObject>(kind, second)
  return api.find<KubeObject>(kind, rest.join('/'), { namespace: second })
}

/** What a write changed, a line for each field; nothing where the store has forgotten what was before. */
export function changesOf(cluster: Cluster, seq: number): readonly string[] {
  const record = cluster.trace.at(seq)
  if (record?.revision === undefined || record.object === undefined) return []
  const after = objectAt(cluster, record.object, record.revision)
  const before = objectAt(cluster, record.object, record.revision - 1)
  if (after === undefined && before === undefined) return []
  return differences(before, after)
}

/** An object as it was at a revision: by a list of exactly that revision, as anybody may ask for. */
function objectAt({ api, http }: Cluster, ref: string, revision: number): unknown {
  const [kindName = '', second = '', ...rest] = ref.split('/')
  const kind = api.findKind(kindName)
  if (kind === undefined || revision < 1) return undefined
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`
  const [place, name] = rest.length === 0 ? ['', second] : [`/namespaces/${second}`, rest.join('/')]
  const query = `fieldSelector=metadata.name%3D${name}&resourceVersion=${revision}&resourceVersionMatch=Exact`
  const { body } = http({ method: 'GET', path: `${root}${place}/${kind.plural}?${query}` })
  return (body as { readonly items?: readonly unknown[] } | undefined)?.items?.[0]
}
