import { raftMachine, say, type Cluster } from '#engine'
import type { ChartStateView, EtcdMember, EtcdView } from '../protocol.ts'

const storyMax = 8
const lookBackMax = 60_000
const told: ReadonlySet<string> = new Set([
  'etcd.campaign',
  'etcd.elected',
  'etcd.steppedDown',
  'etcd.available',
  'etcd.unavailable',
])

/** The members of etcd as the control-plane view draws them. */
export function etcdView(cluster: Cluster): EtcdView {
  const members = membersOf(cluster)
  const refusal = cluster.etcd.refusal()
  return {
    members,
    quorum: Math.floor(members.length / 2) + 1,
    ...(refusal !== undefined && { refusal }),
    chart: members.length > 1 ? chart : [],
    story: members.length > 1 ? storyOf(cluster) : [],
  }
}

function membersOf({ etcd }: Cluster): readonly EtcdMember[] {
  const members = etcd.members()
  const head = Math.max(...members.map(({ index }) => index))
  return members.map(({ at, ...member }) => ({ ...member, state: at.split('.')[0] ?? at, lag: head - member.index }))
}

function storyOf({ trace }: Cluster): EtcdView['story'] {
  const story: { seq: number; at: number; sentence: string }[] = []
  const last = Math.max(0, trace.count() - lookBackMax)
  for (let seq = trace.count(); seq > last && story.length < storyMax; seq--) {
    const record = trace.at(seq)
    if (record !== undefined && told.has(record.what)) story.push({ seq, at: record.at, sentence: say(record) })
  }
  return story.reverse()
}

/** A transition as a chart's configuration writes it: a name, or a record with a target. */
type Target = string | { readonly target?: unknown } | readonly unknown[] | undefined

interface StateConfig {
  readonly on?: Readonly<Record<string, Target>>
  readonly after?: Readonly<Record<string, Target>>
}

/** A member's chart, read off the definition that drives it. */
const chart: readonly ChartStateView[] = Object.entries(
  (raftMachine.config.states ?? {}) as Readonly<Record<string, StateConfig>>,
).map(([name, { on = {}, after = {} }]) => ({
  name,
  exits: [
    ...Object.entries(after).map(([delay, target]) => ({ on: `after ${delay}`, to: targetOf(target) })),
    ...Object.entries(on).map(([event, target]) => ({ on: event, to: targetOf(target) })),
  ],
}))

function targetOf(target: Target): string {
  const one = Array.isArray(target) ? (target as readonly Target[])[0] : (target as Exclude<Target, readonly unknown[]>)
  return String(typeof one === 'object' && 'target' in one ? one.target : one)
}
