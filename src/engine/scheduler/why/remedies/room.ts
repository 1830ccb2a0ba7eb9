import { controllerOf, cpuMilli, wholeUnits, type Pod } from '../../../api/index.ts'
import { amount, type NodeInfo } from '../../nodeInfo.ts'
import type { PodInfo } from '../../podInfo.ts'
import { stepsFor, type PodEdit } from '../podEdit.ts'
import { blockedOnlyBy, saidMax, triedMax, type Finder, type Question } from '../question.ts'
import type { Remedy } from '../remedy.ts'
import { changedPod } from '../sandbox.ts'

/** How much of something is missing on a node. */
interface Shortage {
  readonly resource: string
  readonly missing: number
  readonly left: number
}

const fit = ['NodeResourcesFit']

/** Frees room on a node: the fewest pods whose going lets this one in. */
export const freeRoom: Finder = (question) => {
  const { sandbox, pod } = question
  const remedies: Remedy[] = []
  const nodes = blockedOnlyBy(question, fit, triedMax).map(({ node }) => ({ node, gone: victimsOn(node, question) }))
  nodes.sort((a, b) => costOf(a.gone) - costOf(b.gone))
  for (const { node, gone } of nodes) {
    if (gone.length === 0) continue
    const place = sandbox.withoutPods(gone, () => sandbox.placeOf(pod, [node]))
    if (place === undefined) continue
    const missing = shortagesOf(pod, node).map(({ resource, missing }) => textOf(resource, missing))
    const names = gone.map(({ key, requests }) => `${key} (${requestText(shortagesOf(pod, node), requests)})`)
    remedies.push({
      kind: 'deletePods',
      sentence: `Free ${missing.join(' and ')} on ${node.name}: delete ${names.join(', ')}.`,
      node: node.name,
      size: 4 + gone.length,
      apply: gone.map(({ name, namespace }) => ({ argv: ['delete', 'pod', name, '-n', namespace] })),
    })
    if (remedies.length >= saidMax) break
  }
  return remedies
}

/** Asks for as much as the emptiest node has left, where that is something. */
export const requestLess: Finder = (question) => {
  const { sandbox, pod, find } = question
  const options = blockedOnlyBy(question, fit, Infinity)
    .map(({ node }) => ({ node, shortages: shortagesOf(pod, node) }))
    .filter(({ shortages }) => shortages.every(({ left, resource }) => left > 0 && resource !== 'pods'))
  const cutOf = (shortages: readonly Shortage[]): number =>
    shortages.reduce((most, { missing, left }) => Math.max(most, missing / (missing + left)), 0)
  options.sort((a, b) => cutOf(a.shortages) - cutOf(b.shortages))
  for (const { node, shortages } of options.slice(0, saidMax)) {
    const edit: PodEdit = (spec) => shortages.reduce(lessOf, spec)
    const choice = sandbox.choiceFor(changedPod(pod, edit(pod.pod.spec)), [node])
    if (choice === undefined) continue
    const wanted = shortages.map(
      ({ resource, left, missing }) => `${textOf(resource, left)} instead of ${textOf(resource, left + missing)}`,
    )
    const sentence = `Ask for ${wanted.join(' and ')}: that is what ${node.name} has left.`
    const apply = stepsFor(pod.pod, edit, 'newPod', find)
    return [{ kind: 'requestLess', sentence, node: choice, size: 3 + cutOf(shortages), apply }]
  }
  return []
}

function shortagesOf({ requests }: PodInfo, { facts, amounts, scalars, podCount, podsMax }: NodeInfo): Shortage[] {
  const shortages: Shortage[] = []
  const note = (resource: string, wanted: number, total: number, used: number): void => {
    const left = total - used
    if (wanted > 0 && wanted > left) shortages.push({ resource, missing: wanted - left, left })
  }
  note('pods', 1, podsMax, podCount)
  note('cpu', requests.cpuMilli, amounts[amount.cpuMilliMax]!, amounts[amount.cpuMilli]!)
  note('memory', requests.memoryBytes, amounts[amount.memoryBytesMax]!, amounts[amount.memoryBytes]!)
  const { ephemeralBytes } = requests
  note('ephemeral-storage', ephemeralBytes, amounts[amount.ephemeralBytesMax]!, amounts[amount.ephemeralBytes]!)
  for (const [name, wanted] of requests.scalars) {
    const total = facts.allocatable.scalars.find(([other]) => other === name)?.[1] ?? 0
    note(name, wanted, total, scalars.get(name) ?? 0)
  }
  return shortages
}

/** The fewest pods that hold what is missing; the less important and the smaller ones first. Empty when they are not enough. */
function victimsOn(node: NodeInfo, { pod }: Question): readonly PodInfo[] {
  const shortages = shortagesOf(pod, node)
  const others = [...node.pods.values()].filter((other) => !other.isTerminating && !returns(other.pod))
  others.sort((a, b) => a.priority - b.priority || sharesOf(a, shortages) - sharesOf(b, shortages))
  const single = others.find((other) => isEnough([other], shortages))
  if (single !== undefined) return [single]
  const gone: PodInfo[] = []
  for (const other of others.sort((a, b) => sharesOf(b, shortages) - sharesOf(a, shortages))) {
    if (sharesOf(other, shortages) === 0) break
    gone.push(other)
    if (isEnough(gone, shortages))
      return gone.filter(
        (one) =>
          !isEnough(
            gone.filter((kept) => kept !== one),
            shortages,
          ),
      )
  }
  return []
}

/** A pod that comes back to this very node, whatever the scheduler wants. */
function returns(pod: Pod): boolean {
  return controllerOf(pod)?.kind === 'DaemonSet' || controllerOf(pod)?.kind === 'Node'
}

function isEnough(gone: readonly PodInfo[], shortages: readonly Shortage[]): boolean {
  return shortages.every(
    ({ resource, missing }) => gone.reduce((sum, { requests }) => sum + heldOf(requests, resource), 0) >= missing,
  )
}

/** How much of the shortage a pod's going would end, each resource counting at most once. */
function sharesOf({ requests }: PodInfo, shortages: readonly Shortage[]): number {
  return shortages.reduce((sum, { resource, missing }) => sum + Math.min(1, heldOf(requests, resource) / missing), 0)
}

function heldOf(requests: PodInfo['requests'], resource: string): number {
  if (resource === 'pods') return 1
  if (resource === 'cpu') return requests.cpuMilli
  if (resource === 'memory') return requests.memoryBytes
  if (resource === 'ephemeral-storage') return requests.ephemeralBytes
  return requests.scalars.find(([name]) => name === resource)?.[1] ?? 0
}

function costOf(gone: readonly PodInfo[]): number {
  return gone.length === 0 ? Infinity : gone.length
}

function requestText(shortages: readonly Shortage[], requests: PodInfo['requests']): string {
  const held = shortages.filter(({ resource }) => resource !== 'pods')
  return held.length === 0
    ? 'one pod'
    : held.map(({ resource }) => textOf(resource, heldOf(requests, resource))).join(', ')
}

function textOf(resource: string, wanted: number): string {
  return resource === 'pods'
    ? 'room for one pod'
    : `${quantityOf(resource, wanted)} ${resource === 'cpu' ? 'CPU' : resource}`
}

function quantityOf(resource: string, wanted: number): string {
  if (resource === 'cpu') return wanted % 1000 === 0 ? String(wanted / 1000) : `${wanted}m`
  if (resource.includes('/')) return String(wanted)
  for (const [unit, bytes] of units) if (wanted >= bytes) return `${Math.floor((wanted * 10) / bytes) / 10}${unit}`
  return String(wanted)
}

const units = [
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
] as const

/** The spec with so much less of a resource asked for, in the container that asks for most of it. */
function lessOf(spec: Pod['spec'], { resource, missing }: Shortage): Pod['spec'] {
  const read = resource === 'cpu' ? cpuMilli : wholeUnits
  const asked = spec.containers.map(({ resources }) => read((resources?.requests as Requests)?.[resource]))
  const most = asked.indexOf(Math.max(...asked))
  const wanted = asked[most]! - missing
  if (wanted < 0) return spec
  const text = resource === 'cpu' ? `${wanted}m` : String(wanted)
  const containers = spec.containers.map((container, index) => {
    if (index !== most) return container
    const requests = { ...(container.resources?.requests as Requests), [resource]: text }
    // extended resources have one number for both
    const limits = resource.includes('/') && {
      limits: { ...(container.resources?.limits as Requests), [resource]: text },
    }
    return { ...container, resources: { ...container.resources, requests, ...limits } }
  })
  return { ...spec, containers } as Pod['spec']
}

type Requests = Readonly<Record<string, string>> | undefined
