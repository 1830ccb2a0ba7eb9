import { must, runMachine, type ChartHost } from '../sim/index.ts'
import { requestMachine, type RequestEvent } from './requestMachine.ts'

const nothing = (): void => undefined
const still: ChartHost<object, RequestEvent> = { schedule: () => 0, cancel: nothing, perform: nothing }
const charts = runMachine<object, RequestEvent>(requestMachine)

/** Where every request begins. */
export const firstStage = charts.start({}, still).at

/** The stage that `requestMachine` goes to from another one. */
export function nextStage(at: string, event: RequestEvent['type']): string {
  const chart = { at, context: {}, timers: {} }
  must(charts.send(chart, { type: event }, still) || undefined, `a request cannot have ${event} in ${at}`)
  return chart.at
}

/** One stage of the chart as a step of a route: what is done there, and where each outcome leads. */
export interface Step<Work> {
  readonly work: Work
  /** by far the most frequent outcome, at hand; undefined, here and below: not asked for yet */
  passed: Step<Work> | null | undefined
  readonly next: Partial<Record<RequestEvent['type'], Step<Work> | null>>
}

/**
 * The chart as a table of steps, filled in as it is walked. The chart has neither memory nor delays, and thousands of requests a
 * second ask it for the same few ways.
 */
export function createRoute<Work>(works: Readonly<Record<string, Work>>) {
  const steps = new Map<string, Step<Work>>()
  const stageOf = new Map<Step<Work>, string>()

  function stepAt(stage: string): Step<Work> | null {
    const work = works[stage]
    if (work === undefined) return null // the chart has come to its end
    let step = steps.get(stage)
    if (step === undefined) {
      step = { work, passed: undefined, next: {} }
      steps.set(stage, step)
      stageOf.set(step, stage)
    }
    return step
  }

  return {
    first: must(stepAt(firstStage), 'a request has a first stage'),
    /** The name that the chart has for a step. */
    stageOf: (step: Step<Work>): string => stageOf.get(step) ?? '',
    /** The step after another one; null at the end. */
    after(step: Step<Work>, event: RequestEvent['type']): Step<Work> | null {
      const known = event === 'passed' ? step.passed : step.next[event]
      if (known !== undefined) return known
      const next = stepAt(nextStage(stageOf.get(step)!, event))
      if (event === 'passed') step.passed = next
      return (step.next[event] = next)
    },
  }
}
