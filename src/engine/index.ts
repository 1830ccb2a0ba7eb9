export * from './api/index.ts'
export {
  builtInExplainRoot,
  customExplainRoot,
  customJsonSchemaOf,
  describedBy,
  elementOf,
  explain,
  findObjectType,
  jsonSchemaOf,
  mergeRule,
  typeOf,
  type TypeRef,
} from './api/schema/index.ts'
export { type HttpAnswer, type HttpRequest } from './apiserver/http.ts'
export {
  createCluster,
  restore,
  type Cluster,
  type ClusterOptions,
  type Control,
  type SavedCluster,
  type Trace,
} from './cluster.ts'
export { FaultError, type ActiveFault, type Fault } from './faults.ts'
export { summaryOf as podSummaryOf } from './kinds/pod/columns.ts'
export type { NodeSpec } from './node/index.ts'
export type { TrafficCounters, TrafficRow } from './node/network/index.ts'
export {
  argumentsOf,
  complain,
  createShell,
  defineTool,
  pathOf,
  print,
  readWhole,
  type Call,
  type Shell,
  type Tool,
} from './node/runtime/index.ts'
export type { ExecHandle, LogAnswer, MachineView, NodeDoor } from './nodeDoor.ts'
export { say } from './say.ts'
export { benchScheduler } from './scheduler/bench.ts'
export type { DecisionRecord, QueueView } from './scheduler/index.ts'
export { freezeDeeply, InvariantError, type TraceDetail, type TraceRecord } from './sim/index.ts'
