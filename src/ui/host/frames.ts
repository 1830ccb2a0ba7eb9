import type { Cluster, QueuedPodView } from '#engine'
import type { CostRow, Frame, Mark, QueuedRow, QueueRow } from '../protocol.ts'
import type { Pace } from './pace.ts'
import type { Run } from './run.ts'
import type { Shells } from './shells.ts'
import { trafficRows } from './traffic.ts'

/** as many of a queue as the stage shows, and some more; the rest is counted: each frame would carry all of it again */
const queueShown = 100
const marksMax = 2_000

/** As much of an input as tells when it was. */
interface TimedInput {
  readonly at: number
}

/** Gathers what is new, once a tick. Answers undefined where nothing is. */
export function createFramer(run: Run, pace: Pace, shells: Shells): () => Frame | undefined {
  let marks: readonly Mark[] = []
  let eventCount = 0
  let lastSent = ''
  let lastCost = ''

  function take(): Frame {
    const { session, lesson } = run
    const { isWhole, crash } = run
    const { events, bridge, marks: newMarks } = run.activity.take()
    for (const { reason, object } of events) if (reason === 'Unhealthy') run.mirror.touch(object.slice('Pod/'.length))
    const { pods, nodes, wanted } = run.mirror.take()
    if (isWhole) [marks, eventCount] = [[], 0]
    if (newMarks.length > 0) marks = [...marks, ...newMarks].slice(-marksMax)
    eventCount += events.filter(({ type }) => type !== 'Trace').length
    const cluster = session.cluster()
    const changed = isWhole || events.length > 0 || pods.set.length > 0 || pods.gone.length > 0 || nodes.set.length > 0
    const view = lesson.view()
    const cost = costNow(cluster, isWhole)
    const chunks = shells.take()
    const written = shells.takeWritten()
    const edits = shells.takeEdits()
    run.isWhole = false
    return {
      isWhole,
      now: session.now(),
      isPlaying: pace.isPlaying(),
      speed: pace.speed(),
      isSettled: cluster.control.isSettled(),
      end: session.end(),
      ...((isWhole || pods.set.length > 0 || pods.gone.length > 0) && { pods }),
      ...((isWhole || nodes.set.length > 0 || nodes.gone.length > 0) && { nodes }),
      ...((isWhole || Object.keys(wanted).length > 0) && { wanted }),
      ...((isWhole || events.length > 0) && { events, eventCount }),
      ...(changed && {
        bridge,
        queue: queueRow(cluster),
        faults: cluster.control.faults(),
        branches: branchesOf(run),
        objectCount: cluster.objectCount(),
      }),
      ...((isWhole || newMarks.length > 0) && { marks }),
      ...(view !== undefined && { lesson: view }),
      ...((isWhole || cluster.traffic().sent > 0) && { traffic: trafficRows(cluster) }),
      ...(cost !== undefined && { cost }),
      ...(chunks.length > 0 && { terminal: chunks }),
      ...(Object.keys(written).length > 0 && { written }),
      ...(edits !== undefined && { edits }),
      ...(crash && { crash }),
    }
  }

  /** The bill runs on by itself: it is told anew only when its pace changes. */
  function costNow(cluster: Cluster, isWhole: boolean): CostRow | undefined {
    if (cluster.autoscaler === undefined) return isWhole ? null : undefined
    const { spent, perHour, groups } = cluster.cost()
    const face = JSON.stringify(groups)
    if (!isWhole && face === lastCost) return undefined
    lastCost = face
    return { at: cluster.control.now(), spent, perHour, groups }
  }

  return () => {
    const frame = take()
    const face = `${frame.now}|${frame.isPlaying}|${frame.speed}|${frame.isSettled}|${frame.end}`
    if (isIdle(frame) && face === lastSent) return undefined
    lastSent = face
    return frame
  }
}

function isIdle(frame: Frame): boolean {
  const { now, isPlaying, speed, isSettled, end, isWhole, ...rest } = frame
  void [now, isPlaying, speed, isSettled, end]
  return !isWhole && Object.keys(rest).length === 0
}

function branchesOf({ session }: Run): NonNullable<Frame['branches']> {
  const own = session.branch()
  return [...session.branches(), own].map(({ id, name, from, inputs }) => {
    const isActive = id === own.id
    return { id, name, from: isActive ? from : partingOf(inputs, own.inputs), isActive }
  })
}

/** When two branches parted: at the first thing that was done in the one and not in the other. */
export function partingOf(one: readonly TimedInput[], other: readonly TimedInput[]): number {
  const length = Math.max(one.length, other.length)
  for (let index = 0; index < length; index++) {
    const [a, b] = [one[index], other[index]]
    if (a === b || (a && b && JSON.stringify(a) === JSON.stringify(b))) continue
    return Math.min(a?.at ?? Infinity, b?.at ?? Infinity)
  }
  return one.at(-1)?.at ?? 0
}

function queueRow(cluster: Cluster): QueueRow {
  const { active, backOff, unschedulable } = cluster.queue()
  return {
    active: active.slice(0, queueShown).map(queuedRow),
    backOff: backOff.slice(0, queueShown).map(queuedRow),
    unschedulable: unschedulable.slice(0, queueShown).map(queuedRow),
    counts: { active: active.length, backOff: backOff.length, unschedulable: unschedulable.length },
  }
}

function queuedRow(row: QueuedPodView): QueuedRow {
  const { pod, attempts, since, until, rejectedBy, gatedBy, nominatedNode } = row
  return { pod, attempts, since, until, rejectedBy, gatedBy, nominatedNode }
}
