import type { ChartHost } from '../../sim/index.ts'

/** For charts whose first state does nothing: no delays, no effects. */
export const stillHost: ChartHost<object, { type: string }> = Object.freeze({
  schedule: () => 0,
  cancel: () => undefined,
  perform: () => undefined,
})
