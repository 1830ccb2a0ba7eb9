export { createAutoscaler, type Autoscaler } from './autoscaler.ts'
export type { Cost, MachineDoor } from './cloud.ts'
export { fateText, type NodeFate } from './fate.ts'
export {
  AutoscalerOptionsError,
  settingsOf as checkAutoscalerOptions,
  type AutoscalerOptions,
  type Expander,
  type MachineTemplate,
  type NodeGroup,
} from './options.ts'
