import { must, runMachine, type ChartHost } from '../sim/index.ts'
import { requestMachine, type RequestEvent } from './requestMachine.ts'

const nothing = (): void => undefined
const still: ChartHost<object, RequestEvent> = { schedule: () => 0, cancel: nothing, perform: nothing }
const charts = runMachine<object, RequestEvent>(requestMachine)

type Idle = Readonly<Partial<Record<string, RequestEvent['type']>>>

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
  /** the name that the chart has for it */
  readonly stage: string
  readonly work: Work
  /** where it leads by far the most often; null at the end */
  readonly passed: Step<Work> | null
  /** where all else leads, as far as it was asked for */
  readonly others: Partial<Record<RequestEvent['type'], Step<Work> | null>>
}

/**
 * The chart as a table of steps. The chart has neither memory nor delays, and thousands of requests a second ask it for the same few
 * ways. Stages that are `idle` always say the same, and are left out.
 */
export function createRoute<Work>(works: Readonly<Record<string, Work>>, idle: Idle = {}) {
  const steps = new Map<string, Step<Work>>()

  function stepAt(stage: string): Step<Work> | null {
    const said = idle[stage]
    if (said !== undefined) return stepAt(nextStage(stage, said))
    const work = works[stage]
    if (work === undefined) return null // the chart has come to its end
    let step = steps.get(stage)
    if (step === undefined) {
      step = { stage, work, passed: stepAt(nextStage(stage, 'passed')), others: {} }
      steps.set(stage, step)
    }
    return step
  }

  return {
    first: must(stepAt(firstStage), 'a request has a first stage'),
    /** The step after another one; null at the end. */
    after(step: Step<Work>, event: RequestEvent['type']): Step<Work> | null {
      if (event === 'passed') return step.passed
      const known = step.others[event]
      return known !== undefined ? known : (step.others[event] = stepAt(nextStage(step.stage, event)))
    },
  }
}
