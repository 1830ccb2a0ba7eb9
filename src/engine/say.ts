import type { TraceRecord } from './sim/index.ts'

type Sentence = (record: TraceRecord, subject: string, detail: Readonly<Record<string, unknown>>) => string

/** A record as one plain sentence: the same words in the event log, the chain of causes and a terminal. */
export function say(record: TraceRecord): string {
  const sentence = sentences[record.what]
  const subject = subjectOf(record.object)
  return sentence?.(record, subject, record.detail ?? {}) ?? `${record.actor}: ${record.what} ${subject}`.trimEnd()
}

/** One sentence for each kind of record; those of a kind without one are said by their bare words. */
const sentences: Readonly<Record<string, Sentence>> = {
  kubectl: (_, __, { line }) => `You ran: kubectl ${String(line)}`,
  request: () => 'You sent a request to the API server.',
  fault: (_, __, { fault }) => `You ${faultWords(fault)}.`,
  created: ({ actor }, subject) => `${who(actor)} created ${subject}.`,
  updated: ({ actor, object }, subject) =>
    `${who(actor)} ${object?.startsWith('Lease/') ? 'renewed' : 'changed'} ${subject}.`,
  statusUpdated: ({ actor }, subject) => `${who(actor)} reported the status of ${subject}.`,
  bound: ({ actor }, subject, { node }) => `${who(actor)} bound ${subject} to ${String(node)}.`,
  deleting: ({ actor }, subject, { graceSeconds }) =>
    `${who(actor)} asked for ${subject} to be deleted${graceSeconds ? `, with ${String(graceSeconds)} s of grace` : ''}.`,
  deleted: ({ actor }, subject) => `${who(actor)} removed ${subject} from the store.`,
  evicted: ({ actor }, subject) => `${who(actor)} evicted ${subject}.`,
  refused: ({ actor }, _, { verb, resource, reason }) =>
    `The API server refused ${who(actor)}'s ${String(verb)} of ${String(resource)}: ${String(reason)}.`,
  'container.started': ({ actor }, subject, { container }) =>
    `${who(actor)} started container ${String(container)} of ${subject}.`,
  'container.exited': (_, subject, { container, exitCode, reason }) =>
    `Container ${String(container ?? '')} of ${subject} ended with exit code ${String(exitCode)}${reason ? ` (${String(reason)})` : ''}.`.replace(
      '  ',
      ' ',
    ),
  'probe.turned': (_, subject, { kind, container, result }) =>
    `The ${String(kind)} probe of container ${String(container)} of ${subject} turned to ${String(result)}.`,
  'rules.synced': ({ actor }) => `${who(actor)} wrote new forwarding rules on its node.`,
  'etcd.campaign': ({ actor }, _, { term }) =>
    `${actor} heard no leader for too long and stood for election in term ${String(term)}.`,
  'etcd.elected': ({ actor }, _, { term, votes }) =>
    `${actor} was elected leader of etcd in term ${String(term)} with ${String(votes)} votes.`,
  'etcd.steppedDown': ({ actor }) => `${actor} stepped down as leader of etcd: no majority answered.`,
  'etcd.unavailable': () => 'etcd has no leader with a majority: nothing can be written.',
  'etcd.available': () => 'etcd has a leader with a majority again.',
  'lease.granted': (_, __, { lease, ttlSeconds }) => `etcd granted lease ${String(lease)} of ${String(ttlSeconds)} s.`,
  'lease.expired': (_, __, { lease, keys }) => `etcd's lease ${String(lease)} ran out, and ${keysWith(keys)}.`,
  'lease.revoked': (_, __, { lease, keys }) => `etcd's lease ${String(lease)} was revoked, and ${keysWith(keys)}.`,
  'etcd.alarm': () => 'etcd raised the alarm NOSPACE: its file may not grow, and nothing can be put.',
  'group.grown': ({ actor }, _, { group, from, to }) =>
    `${who(actor)} ordered machines: node group ${String(group)} grows from ${String(from)} to ${String(to)}.`,
  'node.unneeded': ({ actor }, subject) => `${who(actor)} found that nobody needs ${subject} any more.`,
  'pod.descheduled': ({ actor }, subject, { strategy }) =>
    `${who(actor)} wants ${subject} placed anew (${String(strategy)}).`,
  'traffic.changed': (_, subject) => `The flow of requests ${subject === '' ? '' : `of ${subject} `}changed.`,
}

/** `Pod/default/web` as people say it: `Pod web`, with the namespace where it is not the default one. */
function subjectOf(object: string | undefined): string {
  if (object === undefined) return ''
  const parts = object.split('/')
  if (parts.length === 2) return `${parts[0]} ${parts[1]}`
  const [kind, namespace, ...name] = parts
  return `${kind} ${name.join('/')}${namespace === 'default' ? '' : ` in ${namespace}`}`
}

/** What a lease took along. */
function keysWith(count: unknown): string {
  return count === 0
    ? 'no key went with it'
    : count === 1
      ? 'one key went with it'
      : `${String(count)} keys went with it`
}

function who(actor: string): string {
  if (actor === 'etcd' || actor === 'etcdctl') return actor
  if (actor === 'you') return 'You'
  const [role, node] = actor.split('@')
  return node === undefined ? `The ${role}` : `The ${role} of ${node}`
}

function faultWords(fault: unknown): string {
  const { kind, node, name, pod, on, ...rest } = (fault ?? {}) as Readonly<Record<string, unknown>>
  const words: Readonly<Record<string, string>> = {
    nodePower: `${on ? 'switched on' : 'cut the power of'} ${String(node)}`,
    nodeNetwork: `${on ? 'joined' : 'cut'} the network of ${String(node)}`,
    component: `${on ? 'started' : 'stopped'} ${String(name)}`,
    process: `${rest['do'] === 'hang' ? 'hung' : 'killed'} a process of ${String(pod)}`,
    probe: `made the ${String(rest['probe'])} probe of ${String(pod)} ${rest['ok'] ? 'answer again' : 'fail'}`,
    load: `set the load of ${String(name)} to ${String(rest['rps'])} requests a second`,
    machine: `${on ? 'put up a machine,' : 'took away the machine'} ${String(node)}`,
    registry: `${on ? 'mended' : 'broke'} the way to the image registry`,
    etcdDisk: `made each write to the disk of ${String(rest['member'])} take ${String(rest['slowMs'])} ms`,
    etcdRequest:
      rest['do'] === 'keepAliveEnd' ? 'interrupted etcdctl: lease keep-alive' : `ran etcdctl: ${requestWords(rest)}`,
    etcdMaintenance: `asked etcd to ${rest['do'] === 'disarm' ? 'disarm its alarm' : rest['do'] === 'defrag' ? 'defragment its file' : 'compact its history'}`,
  }
  return words[String(kind)] ?? 'broke something'
}

/** The command line behind what was asked of etcd by hand; undefined for any other fault. */
export function etcdctlLine(fault: Readonly<Record<string, unknown>>): string | undefined {
  if (fault['kind'] === 'etcdRequest' && fault['do'] === 'keepAliveEnd') return 'etcdctl lease keep-alive: interrupted'
  if (fault['kind'] === 'etcdRequest') return `etcdctl ${requestWords(fault)}`
  if (fault['kind'] !== 'etcdMaintenance') return undefined
  return `etcdctl ${fault['do'] === 'disarm' ? 'alarm disarm' : String(fault['do'])}`
}

const leaseWords: Readonly<Record<string, string>> = {
  leaseGrant: 'lease grant',
  leaseRevoke: 'lease revoke',
  leaseKeepAlive: 'lease keep-alive --once',
  keepAliveBegin: 'lease keep-alive',
}

/** how much of a key a sentence holds */
const keyCharsMax = 200
const opWords: Readonly<Record<string, string>> = { put: 'put', delete: 'del', range: 'get' }

/** Refused requests are recorded, too, so nothing of their form is taken on trust. */
function requestWords({ do: what, txn, lease, ttlSeconds }: Readonly<Record<string, unknown>>): string {
  if (what !== 'txn') return `${leaseWords[String(what)] ?? ''} ${String(lease ?? ttlSeconds ?? '')}`.trim()
  const { compare, success } = (txn ?? {}) as Readonly<Record<'compare' | 'success', unknown>>
  const isPlain = Array.isArray(success) && success.length === 1 && Array.isArray(compare) && compare.length === 0
  const op = (isPlain ? success[0] : undefined) as Readonly<Record<'do' | 'key', unknown>> | undefined | null
  const word = String(op?.do)
  if (!Object.hasOwn(opWords, word)) return 'txn'
  const key = String(op?.key)
  return `${opWords[word]} ${key.length > keyCharsMax ? `${key.slice(0, keyCharsMax)}…` : key}`
}
