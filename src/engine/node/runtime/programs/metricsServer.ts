import type { Kernel, ScrapeAnswer, UsagePoint } from '../kernel/host.ts'
import { argumentsOf, parseOptions } from '../kernel/io.ts'
import type { Call, Tool } from '../kernel/tool.ts'
import { defineServer, ok, refusal, serverMemo, type ServerMemo } from './server.ts'
import { processAt } from '../kernel/kernelState.ts'

const mebibyte = 1024 * 1024
/** a container younger than that has done too little to tell. upstream: pkg/storage/pod.go freshContainerMinMetricsResolution */
const freshMs = 10_000

/** What a metrics server knows: its last two scrapes. Frozen. */
export interface Measurements {
  readonly resolutionMs: number
  readonly last: Scrape | undefined
  readonly previous: Scrape | undefined
}

/** What all kubelets told at one moment, by pod and by node. Frozen. */
export interface Scrape {
  readonly at: number
  readonly pods: Readonly<Record<string, readonly UsagePoint[]>>
  readonly nodes: Readonly<Record<string, { readonly cpuMilli: number; readonly memoryBytes: number }>>
}

interface Memo extends ServerMemo {
  measurements?: Measurements
}

const server = defineServer({
  names: ['metrics-server'],
  ports: (call) => [Number(optionsOf(call)['secure-port'] ?? 443)],
  startMs: 600,
  says: (call, moment) =>
    moment === 'ready' ? `Serving securely on [::]:${Number(optionsOf(call)['secure-port'] ?? 443)}\n` : '',
  answer(call, _, { path, isTls }) {
    if (isTls !== true) return refusal(400, 'Client sent an HTTP request to an HTTPS server.\n')
    if (path.startsWith('/livez') || path.startsWith('/healthz')) return ok('ok')
    if (path.startsWith('/readyz')) return isStocked(measuredIn(call)) ? ok('ok') : refusal(500, notStocked)
    return refusal(403, 'Forbidden')
  },
  idleMilli: 3,
  memoryBytes: 18 * mebibyte,
  stop: { afterMs: 300, code: 0 },
})

// upstream: cmd/metrics-server/app/options, pkg/server/server.go probeMetricStorageReady
const notStocked = '[+]ping ok\n[-]metric-storage-ready failed: reason withheld\nreadyz check failed\n'

/**
 * Asks all kubelets every so often what their containers use, and keeps the last two answers. Nothing else in the cluster scrapes:
 * where it does not run, nothing is measured.
 */
// upstream: kubernetes-sigs/metrics-server pkg/server/server.go, pkg/storage
// differs: use of CPU is what it was of late at the moment of a scrape, not the mean between two; who asks is not checked
export const metricsServer: Tool = Object.freeze({
  ...server,
  step(call: Call) {
    const step = server.step(call)
    if (serverMemo(call).stage !== 'ready') return step
    const { host } = call.kernel
    const { last, resolutionMs } = measuredIn(call)
    if (last === undefined || host.now() >= last.at + resolutionMs) scrape(call)
    return { for: 'time' as const, until: measuredIn(call).last!.at + resolutionMs, isIdle: true }
  },
})

/** What the metrics server that is the main process of a container knows; undefined where none answers. */
export function measuredBy({ state }: Kernel): Measurements | undefined {
  const main = processAt(state, 1)
  if (main?.program !== 'metrics-server' || main.ports.length === 0 || state.isHung) return undefined
  return (main.memo.own as Memo | undefined)?.measurements
}

/** Whether usage of anything can be told: after the second scrape, or the first with containers of the right age. */
function isStocked({ last, previous }: Measurements): boolean {
  return last !== undefined && previous !== undefined
}

function measuredIn(call: Call): Measurements {
  const memo = serverMemo(call) as Memo
  return (memo.measurements ??= Object.freeze({
    resolutionMs: durationOf(optionsOf(call)['metric-resolution']),
    last: undefined,
    previous: undefined,
  }))
}

const nobody: ScrapeAnswer = Object.freeze({ nodes: [], points: [] })

function scrape(call: Call): void {
  const { host } = call.kernel
  const { last, resolutionMs } = measuredIn(call)
  const pods: Record<string, UsagePoint[]> = {}
  const nodes: Record<string, { cpuMilli: number; memoryBytes: number }> = {}
  const told = host.scrape?.() ?? nobody
  for (const node of told.nodes) nodes[node] = { cpuMilli: 0, memoryBytes: 0 }
  for (const point of told.points) {
    ;(pods[point.podUid] ??= []).push(point)
    const sum = nodes[point.node]!
    sum.cpuMilli += point.cpuMilli
    sum.memoryBytes += point.memoryBytes
  }
  for (const points of Object.values(pods)) Object.freeze(points)
  for (const sum of Object.values(nodes)) Object.freeze(sum)
  const next = Object.freeze({ at: host.now(), pods: Object.freeze(pods), nodes: Object.freeze(nodes) })
  ;(serverMemo(call) as Memo).measurements = Object.freeze({ resolutionMs, last: next, previous: last })
}

/** One pod's usage with its window, from the last two scrapes; undefined before each of its containers is known well enough. */
// upstream: pkg/storage/pod.go Store, GetMetrics
export function podUsage({ last, previous, resolutionMs }: Measurements, podUid: string) {
  const points = last?.pods[podUid]
  if (last === undefined || points === undefined) return undefined
  let windowMs = Infinity
  for (const { container, startedAt } of points) {
    const age = last.at - startedAt
    if (age >= freshMs && age < resolutionMs) {
      windowMs = Math.min(windowMs, age)
      continue
    }
    const before = previous?.pods[podUid]?.some((point) => point.container === container && startedAt < previous.at)
    if (previous === undefined || before !== true) return undefined
    windowMs = Math.min(windowMs, last.at - previous.at)
  }
  return { at: last.at, windowMs, points }
}

/** The same of a node. */
export function nodeUsage({ last, previous }: Measurements, node: string) {
  const usage = last?.nodes[node]
  if (last === undefined || previous === undefined || usage === undefined || previous.nodes[node] === undefined)
    return undefined
  return { at: last.at, windowMs: last.at - previous.at, usage }
}

function optionsOf(call: Call): Readonly<Record<string, string | true>> {
  return parseOptions(argumentsOf(call), ['secure-port', 'metric-resolution', 'cert-dir']).flags
}

/** `15s`, `1m`, `1m30s`; a minute where nothing is said, and ten seconds at least. */
function durationOf(text: string | true | undefined): number {
  const [, minutes = '0', seconds = '0'] =
    /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(text === undefined ? '1m' : String(text)) ?? []
  return Math.max(10_000, Number(minutes) * 60_000 + Number(seconds) * 1000)
}
