import { requestMachine } from './requestMachine.ts'

const ends: ReadonlySet<string> = new Set(['reading', 'answered', 'refused'])

/** The gates that a write passes, in their order: read off the chart, for pages that draw a request's way. */
export const requestStages: readonly string[] = Object.keys(requestMachine.config.states ?? {}).filter(
  (stage) => !ends.has(stage),
)
