export {
  createNodes,
  type FoundContainer,
  type NodeCharts,
  type Nodes,
  type NodesOptions,
  type PodCharts,
} from './machine/machines.ts'
export type { Machine, NodeSpec, Taint } from './machine/machine.ts'
export { linkMachine, powerMachine } from './machine/machineMachine.ts'
export { containerMachine } from './kubelet/containerMachine.ts'
export { kubeletMachine } from './kubelet/kubeletMachine.ts'
export { podMachine } from './kubelet/podMachine.ts'
export { probeMachine } from './kubelet/probeMachine.ts'
export { pullMachine } from './kubelet/pullMachine.ts'
