import { ApiError, type KubeObject, type Node, type Pod } from '../api/index.ts'
import type { Client } from '../client/index.ts'
import type { TimerEvent } from '../sim/index.ts'
import { observe } from '../scheduler/observe.ts'
import { createCloud, type Cost, type MachineDoor } from './cloud.ts'
import { createDeletions, setTaints } from './deletion.ts'
import type { Budget } from './drainability.ts'
import { chooseOption, type Option } from './expander.ts'
import { fateOf, type NodeFate } from './fate.ts'
import { settingsOf, type AutoscalerOptions, type NodeGroup } from './options.ts'
import { planScaleDown, type ScaleDownPlan } from './scaleDown.ts'
import { planScaleUp, reasonsMessage, type ScaleUpPlan } from './scaleUp.ts'
import { simulationOf, type DaemonSet } from './simulation.ts'
import { createAutoscalerState, type AutoscalerState } from './state.ts'
import { isHelpless, isReady } from './judge.ts'
import { statusMap } from './status.ts'
import { createStatusWriter } from './statusWriter.ts'
import { candidateTaint, hasTaint, taintsWith, taintsWithout } from './taints.ts'

/** The cluster autoscaler: more machines for pods that wait, fewer when nobody needs them. */
export interface Autoscaler {
  readonly cost: () => Cost
  /** since when nobody has needed a node, by name */
  readonly unneeded: () => ReadonlyMap<string, number>
  /** how long nobody must have needed a node before it goes */
  readonly unneededMs: number
  /** the group of a node, if it belongs to one */
  readonly groupOf: (node: string) => string | undefined
  /** why each other node of a group is kept */
  readonly kept: () => ScaleDownPlan['kept']
  /** what it means to do with a node, and why */
  readonly fate: (node: string) => NodeFate
}

/** upstream: --max-empty-bulk-delete, --max-bulk-soft-taint-count */
const emptyMax = 10
const softTaintsMax = 10
const backoffMs = 300_000

/** Starts the autoscaler of a process, or finds it again after a restore. */
export function createAutoscaler(client: Client, options: AutoscalerOptions, machines: MachineDoor): Autoscaler {
  const settings = settingsOf(options)
  const { process } = client
  const { sim, name } = process
  const state = sim.slice<AutoscalerState>(`autoscaler/${name}`, createAutoscalerState)
  const { nodes, pods, objects, othersRevision } = observe(client)
  const daemonSets =
    process.server.registry.findByKind('DaemonSet') && client.informer<DaemonSet>({ kind: 'DaemonSet' })
  const cloud = createCloud(sim, `${name}/cloud`, state, settings, machines)
  const groupOf = (node: string): string | undefined => cloud.groupOf(node)?.name
  const findNode = (node: string): Node | undefined => nodes.get(node)
  const findPod = (key: string): Pod | undefined => pods.get(key)
  const deletions = createDeletions({ client, state, settings, cloud, findNode, findPod, tell })
  const writeStatus = createStatusWriter({ client, state, cloud, findNode })
  // a memory of an answer: worked out anew whenever anything it was made of has changed
  let known: { readonly key: string; readonly plan: ScaleDownPlan } | undefined

  /** Says something of the cluster as a whole: the event is about the status. */
  function tell(reason: string, message: string): void {
    const about = client.find<KubeObject>(statusMap.kind, statusMap.name, statusMap.namespace)
    if (about !== undefined) client.event(about, { type: 'Normal', reason, message })
  }

  function scan(): void {
    writeStatus()
    expireOrders()
    deletions.proceed()
    const isGrowing = scaleUp()
    if (settings.scaleDown) scaleDown(isGrowing)
    writeStatus()
  }

  function upcoming(): { readonly group: NodeGroup; readonly name: string }[] {
    return cloud.groups.flatMap((group) =>
      [...cloud.stateOf(group.name).machines.keys()]
        .filter((node) => !isReady(nodes.get(node)))
        .map((node) => ({ group, name: node })),
    )
  }

  /** Machines that never came are not waited for. */
  function expireOrders(): void {
    for (const { group, name: node } of upcoming()) {
      const own = cloud.stateOf(group.name)
      if (nodes.get(node) !== undefined || sim.now() - own.machines.get(node)! < settings.maxNodeProvisionMs) continue
      cloud.remove(node)
      own.backoffUntil = sim.now() + backoffMs
    }
  }

  function waitingPods(): Pod[] {
    const found: Pod[] = []
    for (const pod of pods.list()) if (isHelpless(pod)) found.push(pod)
    return found.sort((a, b) => (b.spec.priority ?? 0) - (a.spec.priority ?? 0))
  }

  function scaleUp(): boolean {
    const waiting = waitingPods()
    if (waiting.length === 0) return false
    const plan = planScaleUp({
      pods: waiting,
      simulation: simulationOf({ nodes: [...nodes.list()].filter(isReady), pods: pods.list(), objects }),
      cloud,
      machines,
      daemonSets: [...(daemonSets?.list() ?? [])],
      upcoming: upcoming(),
      now: sim.now(),
      nodesLeft: settings.maxNodesTotal === 0 ? Infinity : settings.maxNodesTotal - nodes.size(),
    })
    const chosen = chooseOption(plan.options, settings, (below) => sim.int('cluster-autoscaler', below))
    if (chosen === undefined) sayNothingHelps(plan)
    else grow(chosen)
    return plan.helpless.length > 0
  }

  function sayNothingHelps({ helpless, refusals }: ScaleUpPlan): void {
    for (const { uid, pod } of helpless) {
      const message = `pod didn't trigger scale-up: ${reasonsMessage(refusals.get(uid)!)}`
      client.event(pod, { type: 'Normal', reason: 'NotTriggerScaleUp', message })
    }
  }

  function grow({ group, count, pods: helped }: Option): void {
    const { target } = cloud.stateOf(group.name)
    const next = target + count
    const sizes = `${next} instead of ${target} (max: ${group.max})`
    const record = sim.record(name, 'group.grown', undefined, { group: group.name, from: target, to: next })
    sim.because(record, () => {
      tell('ScaledUpGroup', `Scale-up: setting group ${group.name} size to ${sizes}`)
      cloud.grow(group, count)
      state.lastScaleUpAt = sim.now()
      tell('ScaledUpGroup', `Scale-up: group ${group.name} size set to ${sizes}`)
      const message = `pod triggered scale-up: [{${group.name} ${target}->${next} (max: ${group.max})}]`
      for (const { pod } of helped) client.event(pod, { type: 'Normal', reason: 'TriggeredScaleUp', message })
    })
  }

  function planDown(): ScaleDownPlan {
    const key = `${nodes.revision()} ${pods.revision()} ${othersRevision()} ${[...state.deletions.keys()].join(' ')}`
    if (known?.key === key) return known.plan
    const ready = [...nodes.list()].filter(isReady)
    const candidates = ready.filter(
      ({ metadata }) => cloud.groupOf(metadata.name) !== undefined && !state.deletions.has(metadata.name),
    )
    const simulation = simulationOf({ nodes: ready, pods: pods.list(), objects })
    const budgets = [...objects.list<Budget>('PodDisruptionBudget')]
    const plan =
      candidates.length === 0
        ? { unneeded: [], kept: new Map() }
        : planScaleDown({ nodes: candidates, simulation, budgets, settings })
    known = { key, plan }
    return plan
  }

  // upstream: static_autoscaler.go RunOnce, the half that scales down
  function scaleDown(isGrowing: boolean): void {
    const { unneeded } = planDown()
    const names = new Set(unneeded.map(({ name: node }) => node))
    for (const node of [...state.unneeded.keys()]) if (!names.has(node)) state.unneeded.delete(node)
    for (const node of names) if (!state.unneeded.has(node)) state.unneeded.set(node, sim.now())
    const isQuiet =
      sim.now() - state.lastScaleUpAt >= settings.scaleDownDelayAfterAddMs &&
      sim.now() - state.lastFailureAt >= settings.scaleDownDelayAfterFailureMs
    if (isGrowing || !isQuiet || upcoming().length > 0) return softTaints()
    const due = unneeded.filter(
      ({ name: node }) => sim.now() - state.unneeded.get(node)! >= settings.scaleDownUnneededMs,
    )
    const leaving = due.filter(({ name: node }) => hasRoomBelow(node))
    const empty = leaving.filter(({ pods: own }) => own.length === 0).slice(0, emptyMax)
    const isDraining = [...state.deletions.values()].some(({ isEmpty }) => !isEmpty)
    const going = empty.length > 0 || isDraining ? empty : leaving.slice(0, 1)
    for (const node of going) {
      if (!hasRoomBelow(node.name)) continue
      const record = sim.record(name, 'node.unneeded', `Node/${node.name}`, { utilization: node.utilization })
      sim.because(record, () => deletions.begin(node))
    }
    if (going.length === 0) softTaints()
    else deletions.proceed()
  }

  /** Whether the node's group may be smaller by one. */
  function hasRoomBelow(node: string): boolean {
    const group = cloud.groupOf(node)
    if (group === undefined) return false
    const leaving = [...state.deletions.values()].filter((deletion) => deletion.group === group.name).length
    return cloud.stateOf(group.name).target - leaving > group.min
  }

  /** Asks pods to rather go elsewhere than to a node that may be removed. */
  function softTaints(): void {
    let left = softTaintsMax
    for (const node of nodes.list()) {
      if (left <= 0) return
      const isCandidate = state.unneeded.has(node.metadata.name)
      if (isCandidate === hasTaint(node, candidateTaint)) continue
      const taints = isCandidate
        ? taintsWith(node, candidateTaint, 'PreferNoSchedule', sim.now())
        : taintsWithout(node, candidateTaint)
      if (setTaints(client, node, taints)) left--
    }
  }

  function onTimer(part: string, event: TimerEvent): void {
    if (part === 'cloud') {
      const { group, node } = event as unknown as { readonly group: string; readonly node: string }
      return cloud.arrive(group, node) // a machine comes whether or not anybody waits for it
    }
    sim.schedulePeriodic(settings.scanIntervalMs, `${name}/scan`, due)
    if (!process.isUp()) return
    try {
      scan()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error // the next scan will do better
    }
  }

  sim.handle(name, onTimer)
  process.onChange((change) => {
    if (change === 'stopped') {
      state.unneeded.clear()
      state.deletions.clear()
      state.statusText = ''
      known = undefined
    }
  })
  if (!state.isScanning) {
    state.isScanning = true
    state.costAt = sim.now()
    sim.schedulePeriodic(settings.scanIntervalMs, `${name}/scan`, due)
  }
  return {
    cost: cloud.cost,
    unneeded: () => state.unneeded,
    unneededMs: settings.scaleDownUnneededMs,
    groupOf,
    kept: () => planDown().kept,
    fate: (node) => fateOf(node, { state, settings, kept: planDown().kept, groupOf, hasRoomBelow }),
  }
}

const due: TimerEvent = Object.freeze({ type: 'due' })
