import { must, runMachine, type ChartHost } from '../sim/index.ts'
import { requestMachine, type RequestEvent } from './requestMachine.ts'

const nothing = (): void => undefined
const still: ChartHost<object, RequestEvent> = { schedule: () => 0, cancel: nothing, perform: nothing }
const charts = runMachine<object, RequestEvent>(requestMachine)

/** Where every request begins. */
export const firstStage = charts.start({}, still).at

// A memo of the chart, which has neither memory nor delays: thousands of requests a second ask it for the same few steps.
const steps = new Map<string, Map<RequestEvent['type'], string>>()

/** The stage that `requestMachine` goes to from another one. */
export function nextStage(at: string, event: RequestEvent['type']): string {
  const known = steps.get(at)?.get(event)
  if (known !== undefined) return known
  const chart = { at, context: {}, timers: {} }
  must(charts.send(chart, { type: event }, still) || undefined, `a request cannot have ${event} in ${at}`)
  const from = steps.get(at) ?? new Map<RequestEvent['type'], string>()
  steps.set(at, from.set(event, chart.at))
  return chart.at
}
