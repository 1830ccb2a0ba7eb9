import { assign, setup } from 'xstate'
import { effect } from '../../sim/index.ts'

/** What the host adds to every event it hands to the chart. */
export interface ProxyFacts {
  /** virtual ms */
  readonly at: number
  /** the API server can be reached */
  readonly isUp: boolean
  /** Services or endpoints changed since this node last took them */
  readonly hasNews: boolean
}

export type ProxyEvent = ProxyFacts &
  (
    | { readonly type: 'started' }
    | { readonly type: 'stopped' }
    | { readonly type: 'changed' }
    | { readonly type: string }
  )

/** What a proxy remembers. */
export interface ProxyContext {
  /** when it last wrote its rules */
  readonly syncedAt: number
  /** how long writing them takes here */
  readonly syncMs: number
}

/** What a proxy does to its node. */
export const proxyEffects = {
  takeChanges: effect(),
  writeRules: effect(),
}

/** Two syncs are at least this far apart. upstream: iptables minSyncPeriod */
export const minSyncMs = 1000
/** From a start until the caches are filled. */
const listMs = 100
/** Between attempts while there is no API server. */
const retryMs = 1000

/**
 * kube-proxy on one node: it gathers changes and writes them as rules, at once if the last sync is a second ago, else when it is.
 * differs: the full resync every 30 s would change nothing, so there is none.
 */
export const proxyMachine = setup({
  types: {} as { input: ProxyContext; context: ProxyContext; events: ProxyEvent },
  actions: { ...proxyEffects, noteSync: assign({ syncedAt: ({ event }) => event.at }) },
  guards: {
    isUp: ({ event }) => event.isUp,
    hasNews: ({ event }) => event.hasNews,
    isRested: ({ context, event }) => restMs(context, event.at) === 0,
  },
  delays: {
    list: ({ event }) => (event.type === 'started' ? listMs : retryMs),
    sync: ({ context }) => context.syncMs,
    rest: ({ context, event }) => restMs(context, event.at),
  },
}).createMachine({
  id: 'kube-proxy',
  context: ({ input }) => input,
  initial: 'stopped',
  on: { stopped: '.stopped' },
  states: {
    stopped: { on: { started: 'starting' } },
    starting: {
      after: {
        list: [
          { guard: 'isUp', target: 'syncing' },
          { target: 'starting', reenter: true },
        ],
      },
    },
    syncing: {
      entry: 'takeChanges',
      after: {
        sync: [
          { guard: 'hasNews', target: 'waiting', actions: ['writeRules', 'noteSync'] },
          { target: 'idle', actions: ['writeRules', 'noteSync'] },
        ],
      },
    },
    idle: { on: { changed: [{ guard: 'isRested', target: 'syncing' }, { target: 'waiting' }] } },
    waiting: { after: { rest: 'syncing' } },
  },
})

/** How long a proxy still has to wait before it may sync again. */
export function restMs({ syncedAt }: Pick<ProxyContext, 'syncedAt'>, now: number): number {
  return Math.max(0, syncedAt + minSyncMs - now)
}
