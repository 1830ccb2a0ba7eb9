import type { AnyStateMachine, AnyStateNode, EventObject } from 'xstate'
import { assert, must } from './assert.ts'

/** One running chart as data: where it stands, what it remembers, which of its delays are on the clock. */
export interface ChartState<Context = unknown> {
  /** the path of the active leaf, dotted: `running.ready` */
  at: string
  context: Context
  /** delayed events by their XState id, with the timer's id on our clock; replaced, not changed: most charts have none most of the time */
  timers: Readonly<Record<string, number>>
}

/** No delay of a chart is on the clock. */
const noTimers: ChartState['timers'] = Object.freeze({})

/**
 * What a chart needs of the world it runs in. `perform` never sends an event at once: it schedules. One host may serve many charts
 * of a kind: whom it is about is then handed to it as `subject`.
 */
export interface ChartHost<Context, ChartEvent extends EventObject = EventObject, Subject = undefined> {
  readonly schedule: (delayMs: number, event: EventObject, subject: Subject) => number
  readonly cancel: (timer: number, subject: Subject) => void
  readonly perform: (effect: string, params: unknown, context: Context, event: ChartEvent, subject: Subject) => void
}

/** Drives charts of one definition. It holds no state of its own. */
export interface Chart<Context, ChartEvent extends EventObject> {
  readonly machine: AnyStateMachine
  /** Enters the initial state: effects are performed, delays scheduled. */
  readonly start: <Subject = undefined>(
    context: Context,
    host: ChartHost<Context, ChartEvent, Subject>,
    subject?: Subject,
  ) => ChartState<Context>
  /** Takes one event in place; false when no transition answered it. */
  readonly send: <Subject = undefined>(
    chart: ChartState<Context>,
    event: ChartEvent,
    host: ChartHost<Context, ChartEvent, Subject>,
    subject?: Subject,
  ) => boolean
  /** Takes the chart's delays off the clock, when the thing it describes is gone. */
  readonly stop: <Subject = undefined>(
    chart: ChartState<Context>,
    host: ChartHost<Context, ChartEvent, Subject>,
    subject?: Subject,
  ) => void
}

interface Transition {
  readonly target?: readonly AnyStateNode[]
  readonly actions?: readonly unknown[]
  readonly guard?: unknown
  readonly source: AnyStateNode
  readonly reenter?: boolean
}

type AnyChart = ChartState<unknown>
type AnyHost = ChartHost<unknown, EventObject, unknown>
type Named = (args: { context: unknown; event: EventObject }, params: unknown) => unknown

const microstepsMax = 100

/**
 * Runs an XState chart on the virtual clock. The machine's own nodes are the definition; this walks them as `transition` of XState
 * does (compound states, guards, `assign`, `after`, `always`, final), without actors. Parallel states, history and `invoke` are refused.
 * differs: XState's `transition` clones a snapshot per event and is ten times slower; a property test compares the two.
 */
export function runMachine<Context, ChartEvent extends EventObject = EventObject>(
  machine: AnyStateMachine,
): Chart<Context, ChartEvent> {
  // what is filled in as it is asked for are memos of the definition: nothing of a run depends on them
  const rows = new Map<string, Row>()
  const root = index(machine.root, rows)
  const { actions, guards, delays } = machine.implementations
  let beginning: Way | undefined

  function rowAt(at: string): Row {
    return must(rows.get(at), 'the chart has no such state', at)
  }

  function guardOf(guard: unknown): Guard | undefined {
    if (guard === undefined) return undefined
    if (typeof guard === 'function') return { test: guard as Named, params: undefined }
    const { type, params } = (typeof guard === 'string' ? { type: guard } : guard) as Reference
    return { test: must(guards[type] as Named | undefined, 'the chart has no such guard', type), params }
  }

  function allows({ test, params }: Guard, chart: AnyChart, event: EventObject): boolean {
    const args = { context: chart.context, event }
    return Boolean(test(args, typeof params === 'function' ? (params as (args: Args) => unknown)(args) : params))
  }

  function stepOf(action: unknown): Step {
    if (typeof action === 'function') return { effect: '', params: undefined, builtin: action as unknown as Builtin }
    const { type, params } = (typeof action === 'string' ? { type: action } : action) as Reference
    const found = must(actions[type] as unknown as Builtin | undefined, `${machine.id} has no action ${type}`)
    return { effect: type, params, builtin: found.type?.startsWith('xstate.') ? found : undefined }
  }

  function act(step: Step, chart: AnyChart, event: EventObject, host: AnyHost, subject: unknown): void {
    const { effect, params, builtin: own } = step
    const { context } = chart
    if (own === undefined && params === undefined) return host.perform(effect, undefined, context, event, subject)
    const args = { context, event }
    const given = typeof params === 'function' ? (params as (args: Args) => unknown)(args) : params
    if (own === undefined) host.perform(effect, given, context, event, subject)
    else if (own.type === 'xstate.assign') chart.context = assigned(own.assignment, args, given)
    else if (own.type === 'xstate.raise') raise(own, args, chart, host, subject)
    else if (own.type === 'xstate.cancel') cancelDelay(String(own.sendId), chart, host, subject)
    else assert(false, `${machine.id}: only assign, named effects and delays can run in a chart`)
  }

  function raise(action: Builtin, args: Args, chart: AnyChart, host: AnyHost, subject: unknown): void {
    const id = must(action.id, 'raise without a delay is not run here', machine.id)
    const timers: Record<string, number> = chart.timers === noTimers ? {} : { ...chart.timers }
    timers[id] = host.schedule(delayOf(action.delay, args), action.event as EventObject, subject)
    chart.timers = timers
  }

  function delayOf(delay: unknown, args: Args): number {
    if (typeof delay === 'number') return delay
    const named = delays[String(delay)] as unknown
    return typeof named === 'function' ? ((named as Named)(args, undefined) as number) : (named as number)
  }

  function cancelDelay(id: string, chart: AnyChart, host: AnyHost, subject: unknown): void {
    const timer = chart.timers[id]
    if (timer === undefined) return
    chart.timers = without(chart.timers, id)
    host.cancel(timer, subject)
  }

  function alwaysAt(row: Row): readonly Choice[] {
    return (row.always ??= choicesAt(row, (node) => node.always as readonly Transition[] | undefined))
  }

  function answersAt(row: Row, type: string): Answers {
    const choices = choicesAt(row, (node) => node.transitions.get(type) as readonly Transition[] | undefined)
    const answers = { choices, isDelay: type.startsWith('xstate.after.') }
    row.byType.set(type, answers)
    return answers
  }

  function choicesAt(row: Row, found: (node: AnyStateNode) => readonly Transition[] | undefined): readonly Choice[] {
    return upwards(row.leaf)
      .flatMap((node) => found(node) ?? [])
      .map((transition) => ({ guard: guardOf(transition.guard), way: workOut(transition, row.leaf) }))
  }

  function workOut(transition: Transition, leaf: AnyStateNode): Way {
    const target = transition.target?.[0]
    const domain = target && domainOf(transition, target)
    const own = transition.actions ?? []
    if (!target || !domain) return { steps: own.map(stepOf), to: undefined }
    const exits = pathUp(leaf, domain).flatMap((node) => node.exit as readonly unknown[])
    const down = target === domain ? [] : pathUp(target, domain).reverse()
    const { entries, to } = entering(down, target)
    return { steps: [...exits, ...own, ...entries].map(stepOf), to: rowAt(to) }
  }

  function begin(): Way {
    const { entries, to } = entering([machine.root], machine.root)
    return { steps: entries.map(stepOf), to: rowAt(to) }
  }

  /** Goes a way, and tells where it leads. */
  function take(way: Way, from: Row, chart: AnyChart, event: EventObject, host: AnyHost, subject: unknown): Row {
    const { steps, to } = way
    for (const step of steps) act(step, chart, event, host, subject)
    if (to === undefined) return from
    chart.at = to.at
    return to
  }

  /** Goes a way, and on from there as far as nothing more has to happen for it. */
  function go(first: Way, from: Row, chart: AnyChart, event: EventObject, host: AnyHost, subject: unknown): void {
    let row = take(first, from, chart, event, host, subject)
    for (let steps = 0; steps < microstepsMax; steps++) {
      const always = row.always ?? alwaysAt(row)
      const next = always.length === 0 ? undefined : chosen(always, chart, event)
      if (next === undefined) return
      row = take(next, row, chart, event, host, subject)
    }
    assert(false, 'the chart never comes to rest', machine.id)
  }

  function chosen(choices: readonly Choice[], chart: AnyChart, event: EventObject): Way | undefined {
    for (const { guard, way } of choices) if (guard === undefined || allows(guard, chart, event)) return way
    return undefined
  }

  return {
    machine,
    start(context, host, subject) {
      const chart: ChartState<Context> = { at: '', context, timers: noTimers }
      go((beginning ??= begin()), root, chart, initial, host as AnyHost, subject)
      return chart
    },
    send(chart, event, host, subject) {
      const row = must(rows.get(chart.at), 'the chart has no such state', chart.at)
      const { choices, isDelay } = row.byType.get(event.type) ?? answersAt(row, event.type)
      if (isDelay) chart.timers = without(chart.timers, event.type)
      const way = row.isDone ? undefined : chosen(choices, chart, event)
      if (way === undefined) return false
      go(way, row, chart, event, host as AnyHost, subject)
      return true
    },
    stop<Subject>(chart: ChartState<Context>, host: ChartHost<Context, ChartEvent, Subject>, subject?: Subject) {
      for (const id in chart.timers) host.cancel(chart.timers[id]!, subject as Subject)
      chart.timers = noTimers
    },
  }
}

const initial: EventObject = Object.freeze({ type: 'xstate.init' })

function without(timers: ChartState['timers'], gone: string): ChartState['timers'] {
  let left = noTimers
  for (const id in timers) if (id !== gone) left = { ...left, [id]: timers[id]! }
  return left
}

interface Reference {
  readonly type: string
  readonly params?: unknown
}

/** One action, looked up: a named effect of the host, or something XState's own that is done here. */
interface Step {
  readonly effect: string
  readonly params: unknown
  readonly builtin: Builtin | undefined
}

/** All that a transition performs, in order, and the leaf it ends in. */
interface Way {
  readonly steps: readonly Step[]
  readonly to: Row | undefined
}

/** A condition, looked up. */
interface Guard {
  readonly test: Named
  readonly params: unknown
}

/** What a transition does from one leaf, and when. */
interface Choice {
  readonly guard: Guard | undefined
  readonly way: Way
}

/** What an event may lead to in one leaf: its own transitions first, then those of the states around it. */
interface Answers {
  readonly choices: readonly Choice[]
  /** the event is a delay that ended */
  readonly isDelay: boolean
}

/** A state, and what can happen where the chart stands there: the same each time, so it is worked out once. */
interface Row {
  readonly at: string
  readonly leaf: AnyStateNode
  readonly isDone: boolean
  always: readonly Choice[] | undefined
  readonly byType: Map<string, Answers>
}

/** A node and all around it, the innermost first. */
function upwards(leaf: AnyStateNode): AnyStateNode[] {
  const path: AnyStateNode[] = []
  for (let node: AnyStateNode | undefined = leaf; node !== undefined; node = node.parent) path.push(node)
  return path
}

/** The entry actions on the way down to a target and on to its initial leaf. */
function entering(
  path: readonly AnyStateNode[],
  target: AnyStateNode,
): { readonly entries: readonly unknown[]; readonly to: string } {
  const entries: unknown[] = path.flatMap((node) => node.entry as readonly unknown[])
  let leaf = target
  while (leaf.type === 'compound') {
    leaf = leaf.initial.target[0] as AnyStateNode
    entries.push(...leaf.entry)
  }
  return { entries, to: leaf.path.join('.') }
}

interface Args {
  readonly context: unknown
  readonly event: EventObject
}

interface Builtin {
  readonly type?: string
  readonly assignment?: unknown
  readonly id?: string
  readonly event?: unknown
  readonly delay?: unknown
  readonly sendId?: unknown
}

function index(node: AnyStateNode, rows: Map<string, Row>): Row {
  assert(
    node.type !== 'parallel' && node.type !== 'history',
    `${node.id}: parallel and history states are not run here`,
  )
  const at = node.path.join('.')
  const row: Row = { at, leaf: node, isDone: isDone(node), always: undefined, byType: new Map() }
  rows.set(at, row)
  for (const child of Object.values(node.states)) index(child as AnyStateNode, rows)
  return row
}

function assigned(assignment: unknown, args: Args, params: unknown): unknown {
  if (typeof assignment === 'function')
    return { ...(args.context as object), ...((assignment as Named)(args, params) as object) }
  const next: Record<string, unknown> = { ...(args.context as object) }
  for (const [key, value] of Object.entries(assignment as object))
    next[key] = typeof value === 'function' ? (value as Named)(args, params) : value
  return next
}

// upstream: xstate getTransitionDomain: a transition into one's own descendants leaves its source standing, unless it says reenter
function domainOf(transition: Transition, target: AnyStateNode): AnyStateNode {
  if (!transition.reenter && isWithin(target, transition.source)) return transition.source
  let domain = transition.source.parent as AnyStateNode | undefined
  while (domain !== undefined && !(isWithin(target, domain) && target !== domain)) domain = domain.parent
  return domain ?? target.machine.root
}

/** A chart that reached a final state of its root hears nothing more. */
function isDone(leaf: AnyStateNode): boolean {
  return leaf.type === 'final' && leaf.parent?.parent === undefined
}

function isWithin(node: AnyStateNode, ancestor: AnyStateNode): boolean {
  for (let up: AnyStateNode | undefined = node; up !== undefined; up = up.parent) if (up === ancestor) return true
  return false
}

/** From a node up to, but not including, an ancestor. */
function pathUp(node: AnyStateNode, ancestor: AnyStateNode): AnyStateNode[] {
  const path: AnyStateNode[] = []
  for (let up: AnyStateNode | undefined = node; up !== undefined && up !== ancestor; up = up.parent) path.push(up)
  return path
}

/** Types a named effect of a chart: something the host performs. The chart itself does nothing. */
export function effect<Params = undefined>(): (args: unknown, params: Params) => void {
  return () => {}
}
