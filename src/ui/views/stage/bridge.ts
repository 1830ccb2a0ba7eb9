import { shortObject } from '../../format.ts'
import type { ActiveFault, BridgeRow } from '../../protocol.ts'

const names: Record<BridgeRow['name'], { readonly long: string; readonly short: string; readonly component: string }> =
  {
    apiServer: { long: 'API server', short: 'API', component: 'kube-apiserver' },
    etcd: { long: 'etcd', short: 'etcd', component: 'etcd' },
    scheduler: { long: 'Scheduler', short: 'Sched.', component: 'kube-scheduler' },
    controllerManager: { long: 'Controller manager', short: 'Ctrl mgr', component: 'kube-controller-manager' },
  }

/** The order on the bridge. */
export const bridgeOrder: readonly BridgeRow['name'][] = ['apiServer', 'etcd', 'scheduler', 'controllerManager']

/** `API server`; `API` where room is short. */
export function bridgeName(name: BridgeRow['name'], isShort = false): string {
  return isShort ? names[name].short : names[name].long
}

/** What `fault` calls it: `kube-apiserver`. */
export function componentOf(name: BridgeRow['name']): string {
  return names[name].component
}

/** Whether it did something in the last half second. */
export function isBusy(row: BridgeRow, now: number): boolean {
  return row.state === 'up' && now - row.busyAt < 500 && row.busyAt <= now
}

const stops: Record<BridgeRow['name'], string> = {
  apiServer: 'Running Pods keep serving. Nothing new is scheduled, healed or scaled. kubectl cannot connect.',
  etcd: 'Nothing can be read or written. Running Pods keep serving.',
  scheduler: 'New Pods stay Pending. Everything else goes on.',
  controllerManager: 'Nothing is healed, scaled or rolled out. Running Pods keep serving.',
}

/** What no longer happens while it is off. */
export function whatStops(name: BridgeRow['name']): string {
  return stops[name]
}

/** What of a component is switched off: itself, or the members it has; `etcd` has `etcd-1`, `etcd-2`, … */
export function stoppedParts(faults: readonly ActiveFault[], component: string): readonly string[] {
  return faults.flatMap(({ fault }) => {
    if (fault.kind !== 'component' || fault.on) return []
    const isPart = fault.name === component || (component === 'etcd' && /^etcd-\d+$/.test(fault.name))
    return isPart ? [fault.name] : []
  })
}

const pipCount = 4

/** The pips of a queue: which of the four are on. */
export function pipsOf(length: number): readonly boolean[] {
  return Array.from({ length: pipCount }, (_, index) => index < length)
}

/** An item in hand, its first word plain and its name as code: `replicaset web-7c5d`. */
export function itemParts(item: string): { readonly word: string; readonly code: string } {
  const space = item.indexOf(' ')
  if (space < 0) return item.includes('-') || item.includes('/') ? { word: '', code: item } : { word: item, code: '' }
  const [first, rest] = [item.slice(0, space), item.slice(space + 1)]
  const slash = rest.lastIndexOf(' ')
  // A verb may have a word of its own: `PUT status pod/web-x8k2p`.
  if (isVerb(first) && rest.includes('/')) {
    const word = [first, rest.slice(0, Math.max(0, slash))].join(' ').trim()
    return { word, code: middled(shortObject(rest.slice(slash + 1)), roomBeside(word)) }
  }
  if (rest.includes('/') && slash < 0) return { word: first, code: middled(shortObject(rest), roomBeside(first)) }
  // A sentence stays one.
  if (slash >= 0) return { word: item, code: '' }
  return isVerb(first) ? { word: rest, code: first } : { word: first, code: rest }
}

/** letters that a component has room for */
const itemMost = 24
const codeLeast = 8
const roomBeside = (word: string): number => Math.max(codeLeast, itemMost - word.length)

/** A long name without its middle: its beginning and its end tell it apart. */
export function middled(text: string, most = itemMost): string {
  if (text.length <= most) return text
  const end = Math.floor((most - 1) / 2)
  return `${text.slice(0, most - 1 - end)}…${text.slice(text.length - end)}`
}

/** Whether a word is an HTTP verb: it goes first, as code. */
export function isVerb(word: string): boolean {
  return /^[A-Z]+$/.test(word)
}

const actors: Record<BridgeRow['name'], RegExp> = {
  apiServer: /^kube-apiserver$/,
  etcd: /^etcd(-\d+)?$/,
  scheduler: /scheduler$/,
  controllerManager: /^kube-controller-manager$|controller$/,
}

/** Whether a lit chain runs through it. */
export function isLit(name: BridgeRow['name'], chained: ReadonlySet<string>): boolean {
  return [...chained].some((actor) => actors[name].test(actor))
}
