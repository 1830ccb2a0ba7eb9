import { parseQuantity, type HorizontalPodAutoscaler } from '../../api/index.ts'
import { event, type View, type Write } from '../controller.ts'
import type { Tolerances } from './calculator.ts'
import { inactive, type Finding, type Status } from './conditions.ts'
import { findingOf, proposalOf, type Refusal } from './metrics.ts'
import { podsOf, rivalsIn, selectorTextOf, type Selectors } from './selection.ts'
import type { Scalable } from './target.ts'

type Autoscaler = HorizontalPodAutoscaler

/** upstream: --horizontal-pod-autoscaler-tolerance */
const tolerance = 0.1

/** What all metrics say together. */
export interface Found {
  readonly events: readonly Write[]
  readonly currentMetrics: Status['currentMetrics'] | null
  readonly replicas: number
  /** the metric that asks for the most */
  readonly metric: string
  /** nothing is to be done, for this reason */
  readonly failure: { readonly finding: Finding; readonly error: string } | undefined
}

const unread = Object.freeze({ type: '' })

/** Asks for all metrics of an autoscaler, whose selector is remembered on the way. */
// upstream: pkg/controller/podautoscaler/horizontal.go computeReplicasForMetrics, validateAndParseSelector
export function measure(view: View<Autoscaler>, target: Scalable, selectors: Selectors): Found {
  const { object: autoscaler, now, key } = view
  const current = target.spec.replicas ?? 1
  const selector = selectorTextOf(target)
  if (selector === '') {
    const finding = inactive('InvalidSelector', "the HPA target's scale is missing a selector")
    return unselected(autoscaler, 'SelectorRequired', 'selector is required', finding)
  }
  selectors.set(key, selector)
  const pods = podsOf(view, autoscaler.metadata.namespace ?? '', selector)
  const rivals = rivalsIn(selectors, key, pods)
  if (rivals.length > 1) {
    const names = rivals.map((rival) => `{${rival.split('/').reverse().join(' ')}}`).join(' ')
    const text = `pods by selector ${selector} are controlled by multiple HPAs: [${names}]`
    return unselected(autoscaler, 'AmbiguousSelector', text, inactive('AmbiguousSelector', text))
  }
  const { metrics = [], behavior } = autoscaler.spec
  const { namespace = '' } = autoscaler.metadata
  const tolerances = tolerancesOf(behavior)
  const sight = { pods, namespace, currentReplicas: current, tolerances, now, see: view }
  let [replicas, metric] = [0, '']
  const refusals: Refusal[] = []
  const currentMetrics = metrics.map((one) => {
    const proposal = proposalOf(one, sight)
    if ('error' in proposal) {
      refusals.push(proposal)
      return unread
    }
    if (replicas === 0 || proposal.replicas > replicas) {
      replicas = proposal.replicas
      metric = proposal.metric
    }
    return proposal.status
  })
  const events = refusals.map(({ reason, message }) => event(autoscaler, 'Warning', reason, message))
  const [first] = refusals
  // some that are unknown might ask for more: they stop a way down, not a way up
  const isStopped = first !== undefined && (refusals.length >= metrics.length || replicas < current)
  const failure = isStopped
    ? {
        finding: findingOf(first),
        error: `invalid metrics (${refusals.length} invalid out of ${metrics.length}), first error is: ${first.error}`,
      }
    : undefined
  return { events, currentMetrics, replicas, metric, failure }
}

/** It is not known which pods to look at. */
function unselected(autoscaler: Autoscaler, reason: string, error: string, finding: Finding): Found {
  const events = [event(autoscaler, 'Warning', reason, error)]
  return { events, currentMetrics: null, replicas: 0, metric: '', failure: { finding, error } }
}

function tolerancesOf(behavior: Autoscaler['spec']['behavior']): Tolerances {
  const of = (rules: { readonly tolerance?: string } | undefined): number =>
    rules?.tolerance === undefined ? tolerance : parseQuantity(rules.tolerance)
  return { up: of(behavior?.scaleUp), down: of(behavior?.scaleDown) }
}
