import { restore, type Cluster, type Fault, type RemedyStep } from '#engine'
import { createSession as createKubeconfig, run as runKubectl } from '#kubectl'
import { viewOf, type FileView } from './files.ts'
import type { Session } from './session.ts'

/** One thing to try: a kubectl command with what it reads, or a machine that joins. */
export type GhostStep = RemedyStep & { readonly files?: FileView }

/** A cluster that might be: a copy in which something was tried, some time later. Nothing that is real knows of it. */
export interface Ghost {
  readonly cluster: Cluster
  /** what the commands printed */
  readonly out: string
  readonly err: string
  readonly isOk: boolean
  /** virtual ms that were run ahead */
  readonly afterMs: number
}

const sliceMs = 1_000
/** A ghost is asked for while somebody waits: it may look so many things far, whatever the clock says. */
const thingsMax = 40_000

/** Tries steps in a copy of the cluster and lets it run until it is at rest again, or `runMs` are over. */
export function ghostOf(session: Session, steps: readonly GhostStep[], runMs: number): Ghost {
  const cluster = restore(session.cluster().control.save())
  const { control } = cluster
  const from = control.now()
  const said = { out: '', err: '' }
  const isOk = steps.every((step) => perform(cluster, step, said))
  const things = control.steps()
  const isDone = (): boolean =>
    control.isSettled() || control.now() >= from + runMs || control.steps() - things > thingsMax
  if (isOk)
    do control.advanceTo(Math.min(from + runMs, control.now() + sliceMs))
    while (!isDone())
  return { cluster, ...said, isOk, afterMs: control.now() - from }
}

function perform(cluster: Cluster, step: GhostStep, said: { out: string; err: string }): boolean {
  const { api, control, nodes } = cluster
  if ('machine' in step) {
    const { name } = step.machine
    control.act('fault', {}, () =>
      control.fault({ kind: 'machine', node: name, on: true, spec: step.machine } as Fault),
    )
    return true
  }
  const io = {
    ...(step.files ?? viewOf({})),
    ...(step.stdin !== undefined && { stdin: step.stdin }),
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
  }
  const context = { api, now: control.now, io, nodes, http: cluster.http, session: createKubeconfig() }
  const result = control.act('kubectl', { line: step.argv.join(' ') }, () => runKubectl(step.argv, context))
  // a command that waits has done its work when it began: the rest is time, which goes on below
  return typeof result !== 'number' || result === 0
}
