import { shortObject } from '../../format.ts'
import type { BridgeRow } from '../../protocol.ts'

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
  if (rest.includes('/')) return { word: first, code: shortObject(rest) }
  return isVerb(first) ? { word: rest, code: first } : { word: first, code: rest }
}

/** Whether a word is an HTTP verb: it goes first, as code. */
export function isVerb(word: string): boolean {
  return /^[A-Z]+$/.test(word)
}

const actors: Record<BridgeRow['name'], RegExp> = {
  apiServer: /^kube-apiserver$/,
  etcd: /^etcd$/,
  scheduler: /scheduler$/,
  controllerManager: /^kube-controller-manager$|controller$/,
}

/** Whether a lit chain runs through it. */
export function isLit(name: BridgeRow['name'], chained: ReadonlySet<string>): boolean {
  return [...chained].some((actor) => actors[name].test(actor))
}
