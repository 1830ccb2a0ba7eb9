export { createDescheduler, type Descheduler } from './descheduler.ts'
export {
  checkOptions as checkDeschedulerOptions,
  DeschedulerOptionsError,
  type DeschedulerOptions,
  type StrategyName,
} from './options.ts'
