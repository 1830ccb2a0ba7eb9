import type { Cluster, Fault, RemedyStep } from '#engine'
import { ghostOf, viewOf, type Ghost, type GhostStep, type Session } from '#session'
import type { GhostTrial, GhostView, NodeRow, PodRow, SceneProblem } from '../protocol.ts'
import { createMirror } from './mirror.ts'

/** Half a minute is enough to see where pods go; images that pull longer are seen pulling. */
const runMs = 30_000

/** What would come of a manifest or of a remedy: the cluster's rows as they would be, against those of now. */
export function foresee(session: Session, trial: GhostTrial): GhostView {
  const title = 'manifest' in trial ? `Apply ${trial.name}` : (remedyOf(session, trial)?.sentence ?? '')
  const ghost = ghostOf(session, stepsOf(session, trial), runMs)
  // What would happen anyway is not what the trial does: the other half of the comparison runs as long.
  const plain = ghostOf(session, [], Math.max(1, ghost.afterMs))
  return { title, ...differenceOf(plain.cluster, ghost) }
}

function stepsOf(session: Session, trial: GhostTrial): readonly GhostStep[] {
  if ('manifest' in trial)
    return [{ argv: ['apply', '-f', trial.name], files: viewOf({ [trial.name]: trial.manifest }) }]
  return remedyOf(session, trial)?.apply ?? []
}

function remedyOf(session: Session, { pod, remedy }: { readonly pod: string; readonly remedy: number }) {
  return session.cluster().why(pod)?.remedies[remedy]
}

/** Does what a remedy says, by the commands anybody would type. */
export function doRemedy(session: Session, pod: string, sentence: string): SceneProblem | undefined {
  const remedy = session
    .cluster()
    .why(pod)
    ?.remedies.find((one) => one.sentence === sentence)
  if (remedy === undefined) return { message: 'The cluster has changed meanwhile: this would no longer place the Pod.' }
  for (const step of remedy.apply) {
    const problem = perform(session, step)
    if (problem !== undefined) return { message: problem }
  }
  return undefined
}

function perform(session: Session, step: RemedyStep): string | undefined {
  if ('machine' in step) {
    session.fault({ kind: 'machine', node: step.machine.name, on: true, spec: step.machine } as Fault)
    return undefined
  }
  let err = ''
  const { argv, stdin } = step
  const running = session.kubectl(
    { argv, ...(stdin !== undefined && { stdin }) },
    { out: () => undefined, err: (text) => void (err += text) },
  )
  return running.isDone() && running.code() !== 0 ? err.trim() : undefined
}

function differenceOf(plain: Cluster, ghost: Ghost): Omit<GhostView, 'title'> {
  const now = createMirror(plain).take()
  const then = createMirror(ghost.cluster).take()
  const before = new Map(now.pods.set.map((row) => [row.key, row]))
  const after = new Map(then.pods.set.map((row) => [row.key, row]))
  const nodesBefore = new Map(now.nodes.set.map((row) => [row.name, row]))
  const born = then.pods.set.filter(({ key }) => !before.has(key))
  const gone = now.pods.set.filter(({ key }) => !after.has(key)).map(({ key }) => key)
  const changed = then.pods.set.filter((row) => isOther(before.get(row.key), row))
  const nodes = then.nodes.set.filter((row) => isOtherLoad(nodesBefore.get(row.name), row))
  const lines = `${ghost.out}${ghost.err}`.split('\n').filter((line) => line !== '')
  const { isOk, afterMs } = ghost
  return { isOk, lines, afterMs, born, gone, changed, nodes, sentences: sentencesOf(ghost, born, gone, changed) }
}

function isOther(before: PodRow | undefined, after: PodRow): boolean {
  return before !== undefined && (before.node !== after.node || before.look !== after.look)
}

function isOtherLoad(before: NodeRow | undefined, after: NodeRow): boolean {
  if (before === undefined) return true
  return before.cpu.requested !== after.cpu.requested || before.memory.requested !== after.memory.requested
}

function sentencesOf(
  { isOk }: Ghost,
  born: readonly PodRow[],
  gone: readonly string[],
  changed: readonly PodRow[],
): readonly string[] {
  if (!isOk) return ['The API server would refuse it.']
  const said: string[] = []
  for (const [node, rows] of byNode(born))
    said.push(
      node === ''
        ? `${counted(rows.length, 'new Pod')} would find no node.`
        : `${counted(rows.length, 'new Pod')} would go to ${node}.`,
    )
  if (gone.length > 0) said.push(`${counted(gone.length, 'Pod')} would be gone.`)
  for (const row of changed)
    said.push(`${row.name} would be ${row.node === '' ? '' : `on ${row.node}, `}${row.status}.`)
  return said.length > 0 ? said : ['No Pod would come, go or change.']
}

function byNode(rows: readonly PodRow[]): readonly (readonly [string, readonly PodRow[]])[] {
  const groups = new Map<string, PodRow[]>()
  for (const row of rows) groups.set(row.node, [...(groups.get(row.node) ?? []), row])
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1))
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
