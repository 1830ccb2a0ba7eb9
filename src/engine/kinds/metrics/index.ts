import { nodeMetrics } from './nodeMetrics.ts'
import { podMetrics } from './podMetrics.ts'

/** The kinds that a metrics server adds: served while one answers. */
export const metricsKinds = [nodeMetrics, podMetrics]
