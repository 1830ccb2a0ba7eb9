import type { ApiDoor, EndpointSlice, Service } from '../../api/index.ts'
import { createClient, createProcess, type Client, type Indexers, type Informer } from '../../client/index.ts'
import { hash32, must, runMachine, type ChartHost, type ChartState, type Sim } from '../../sim/index.ts'
import { endpointsFor, type Choice, type Place } from './endpointChoice.ts'
import { isProxied, rulesOf, type PortRule } from './portRule.ts'
import { proxyMachine, type ProxyContext, type ProxyEvent } from './proxyMachine.ts'
import { createRuleBook, hold, release, ruleIn, rulesIn, writeVersion, type RuleBook } from './ruleBook.ts'

/** The proxies of all nodes. Each follows the API at its own pace; what they know is kept once. */
export interface Proxies {
  /** Starts the proxy of a new machine. */
  readonly add: (node: string, zone?: string) => void
  readonly remove: (node: string) => void
  /** Stops or starts the program. Rules that it wrote stay in force. */
  readonly setRunning: (node: string, isRunning: boolean) => void
  /** Cuts or joins the node's way to the API server. */
  readonly setConnected: (node: string, isConnected: boolean) => void
  /** Without power the rules are gone; with it the proxy starts and writes them anew. */
  readonly setPower: (node: string, hasPower: boolean) => void
  /** The rule that a node has in force for `10.96.0.1:443/TCP` or `*:30080/TCP`. */
  readonly rule: (node: string, frontend: string) => PortRule | undefined
  readonly choose: (node: string, rule: PortRule, way: 'internal' | 'external') => Choice
  /** Whether a node's proxy has written any rules since its machine came up. */
  readonly hasRules: (node: string) => boolean
  readonly view: (node: string) => ProxyView | undefined
  /** Called when a node's rules in force changed. */
  readonly onSync: (listener: (node: string) => void) => void
  /** Called when what names stand for changed, as far as the proxies have heard: Services, and endpoints of headless ones. */
  readonly onChange: (listener: () => void) => void
  readonly services: Informer<Service>
  /** indexed by `service`: `namespace/name` */
  readonly slices: Informer<EndpointSlice>
  readonly client: Client
}

/** One node's proxy, for the page. */
export interface ProxyView {
  readonly node: string
  /** where its chart stands */
  readonly state: string
  readonly version: number
  readonly syncedAt: number
  readonly rules: readonly PortRule[]
}

interface NodeProxy {
  readonly zone: string | undefined
  chart: ChartState<ProxyContext>
  /** the version whose rules are in force */
  version: number
  /** the version it took for the sync under way, and last */
  taken: number
  isConnected: boolean
  isRunning: boolean
  hasPower: boolean
  /** a timer that does not count as work: waiting for an API server */
  periodicTimer: number
}

interface ProxiesState {
  readonly nodes: Map<string, NodeProxy>
  /** proxies that hear of the next change at once */
  readonly idle: Set<string>
  readonly book: RuleBook
  /** Services whose rules must be reckoned anew for the next version */
  readonly dirty: Set<string>
}

const chart = runMachine<ProxyContext, ProxyEvent>(proxyMachine)

/** Makes the proxies of a cluster. */
export function createProxies(sim: Sim, server: ApiDoor): Proxies {
  const client = createClient(createProcess(sim, server, 'kube-proxy'))
  let isNew = false
  const state = sim.slice<ProxiesState>('kube-proxy', () => {
    isNew = true
    return { nodes: new Map(), idle: new Set(), book: createRuleBook(), dirty: new Set() }
  })
  const { book, dirty, idle } = state
  const syncListeners: ((node: string) => void)[] = []
  const changeListeners: (() => void)[] = []

  const services = client.informer<Service>({ kind: 'Service' })
  const slices = client.informer({ kind: 'EndpointSlice' }, serviceIndex)
  if (isNew) for (const service of services.list()) noteService(service)
  services.listen(({ object, previous }) => {
    noteService(object)
    if (isProxied(object) || (previous !== undefined && isProxied(previous))) tellIdle()
    for (const listener of changeListeners) listener()
  })
  slices.listen(({ object }) => {
    let isProxy = false
    for (const name of servicesOf(object)) {
      const service = services.get(name)
      if (service === undefined || !isProxied(service)) continue
      dirty.add(name)
      isProxy = true
    }
    if (isProxy) tellIdle()
    else for (const listener of changeListeners) listener()
  })
  sim.handle('kube-proxy', (node, event) => {
    if (state.nodes.has(node)) send(node, event.type)
  })

  function noteService({ metadata }: Service): void {
    dirty.add(`${metadata.namespace}/${metadata.name}`)
  }

  function tellIdle(): void {
    for (const name of [...idle]) {
      if (!nodeOf(name).isConnected) continue
      idle.delete(name)
      send(name, 'changed')
    }
  }

  const nodeOf = (name: string): NodeProxy => must(state.nodes.get(name), `no proxy on ${name}`)

  function send(name: string, type: string): void {
    const node = nodeOf(name)
    const facts = { at: sim.now(), isUp: isUp(node), hasNews: hasNews(node) }
    chart.send(node.chart, { type, ...facts }, hostOf(name, node))
    if (node.chart.at === 'idle') idle.add(name)
    else idle.delete(name)
  }

  const isUp = (node: NodeProxy): boolean => node.isConnected && client.process.isUp()
  const hasNews = (node: NodeProxy): boolean => node.isConnected && (dirty.size > 0 || node.taken !== book.version)

  function hostOf(name: string, node: NodeProxy): ChartHost<ProxyContext, ProxyEvent> {
    return {
      schedule(delayMs, event) {
        const to = `kube-proxy/${name}`
        // waiting for an API server that does not come is no reason to call a cluster busy; entering, the chart still is where it was
        if (node.chart.at === 'starting' && !isUp(node))
          return (node.periodicTimer = sim.schedulePeriodic(delayMs, to, event))
        return sim.schedule(delayMs, to, event)
      },
      cancel: (timer) => (timer === node.periodicTimer ? sim.cancelPeriodic(timer) : sim.cancel(timer)),
      perform(effect) {
        if (effect === 'takeChanges') takeChanges(node)
        else if (effect === 'writeRules') writeRules(name, node)
      },
    }
  }

  function takeChanges(node: NodeProxy): void {
    if (node.isConnected && dirty.size > 0) reckon()
    const taken = node.isConnected ? book.version : node.taken
    hold(book, taken)
    release(book, node.taken)
    node.taken = taken
  }

  function reckon(): void {
    const changed = new Map<string, readonly PortRule[]>()
    for (const name of dirty) changed.set(name, reckonService(name))
    dirty.clear()
    writeVersion(book, changed)
  }

  function reckonService(name: string): readonly PortRule[] {
    const service = services.get(name)
    if (service === undefined || !isProxied(service)) return []
    return rulesOf(service, sorted(slices.by('service', name)))
  }

  function writeRules(name: string, node: NodeProxy): void {
    if (node.version === node.taken) return
    hold(book, node.taken)
    release(book, node.version)
    node.version = node.taken
    sim.record(`kube-proxy@${name}`, 'rules.synced', `Node/${name}`, { version: node.version })
    for (const listener of syncListeners) listener(name)
  }

  function forgetRules(name: string, node: NodeProxy): void {
    release(book, node.version)
    release(book, node.taken)
    node.version = node.taken = 0
    for (const listener of syncListeners) listener(name)
  }

  return {
    client,
    services,
    slices,
    add(name, zone) {
      if (state.nodes.has(name)) return
      const node: NodeProxy = {
        zone,
        chart: { at: 'stopped', context: { syncedAt: -Infinity, syncMs: syncMsOf(name) }, timers: {} },
        version: 0,
        taken: 0,
        isConnected: true,
        isRunning: true,
        hasPower: true,
        periodicTimer: 0,
      }
      state.nodes.set(name, node)
      send(name, 'started')
    },
    remove(name) {
      if (!state.nodes.has(name)) return
      send(name, 'stopped')
      forgetRules(name, nodeOf(name))
      state.nodes.delete(name)
      idle.delete(name)
    },
    setRunning(name, isRunning) {
      const node = nodeOf(name)
      if (node.isRunning === isRunning) return
      node.isRunning = isRunning
      if (!isRunning) send(name, 'stopped')
      else if (node.hasPower) send(name, 'started')
    },
    setConnected(name, isConnected) {
      const node = nodeOf(name)
      if (node.isConnected === isConnected) return
      node.isConnected = isConnected
      if (isConnected && idle.has(name) && hasNews(node)) send(name, 'changed')
    },
    setPower(name, hasPower) {
      const node = nodeOf(name)
      if (node.hasPower === hasPower) return
      node.hasPower = hasPower
      if (!hasPower) {
        send(name, 'stopped')
        forgetRules(name, node)
      } else if (node.isRunning) send(name, 'started')
    },
    rule(name, frontend) {
      const node = state.nodes.get(name)
      return node && ruleIn(book, node.version, frontend)
    },
    choose: (name, rule, way) => endpointsFor(rule, placeOf(name), way),
    hasRules: (name) => (state.nodes.get(name)?.version ?? 0) > 0,
    view(name) {
      const node = state.nodes.get(name)
      if (node === undefined) return undefined
      const { chart: at, version } = node
      return { node: name, state: at.at, version, syncedAt: at.context.syncedAt, rules: [...rulesIn(book, version)] }
    },
    onSync: (listener) => void syncListeners.push(listener),
    onChange: (listener) => void changeListeners.push(listener),
  }

  function placeOf(name: string): Place {
    return { node: name, zone: state.nodes.get(name)?.zone }
  }
}

const serviceIndex: Indexers<EndpointSlice> = { service: { reads: ['labels'], values: servicesOf } }

function servicesOf({ metadata }: EndpointSlice): readonly string[] {
  const name = metadata.labels?.['kubernetes.io/service-name']
  return name === undefined ? [] : [`${metadata.namespace}/${name}`]
}

/** The slices by name, as upstream's cache keeps them. */
export function sorted(slices: Iterable<EndpointSlice>): readonly EndpointSlice[] {
  const list = [...slices].filter(({ addressType }) => addressType === 'IPv4')
  return list.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
}

/** Machines differ a little; a few steps only, so that nodes in step share one version of the rules. */
function syncMsOf(node: string): number {
  return 20 + 12 * (hash32(node) % 4)
}
