export { addOns, AddOnsError } from './addOns/index.ts'
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
  type DescriptionProvider,
  type TypeRef,
} from './api/schema/index.ts'
export { brokenDown, compacted, missingFrom } from './apiserver/authorization/rules.ts'
export { jsonPatch } from './apiserver/patch/json.ts'
export { mergePatch } from './apiserver/patch/merge.ts'
export { strategicPatch } from './apiserver/patch/strategic.ts'
export type { PolicyRule } from './apiserver/authorization/policy/rule.ts'
export { bodyText, valuesOf, type HttpAnswer, type HttpRequest, type HttpStream } from './apiserver/http.ts'
export {
  createCluster,
  restore,
  type Cluster,
  type ClusterOptions,
  type Control,
  type OpenWatch,
  type SavedCluster,
  type Trace,
} from './cluster.ts'
export { checkClusterOptions } from './checkOptions.ts'
export { requestStages } from './apiserver/requestStages.ts'
export { controllers } from './controllers/index.ts'
export type { EtcdAnswer, EtcdDoor, EtcdRequest, EtcdSize } from './etcdDoor.ts'
export { EtcdError, etcdErrors } from './etcd/errors.ts'
export { endless, isBefore, keysBelow, type KeyRange } from './etcd/keys.ts'
export type { KeeperView } from './etcd/keepers.ts'
export type { LeaseView } from './etcd/lessor.ts'
export type { Change, KeyValue } from './etcd/store.ts'
export { textOf, type Compare, type TxnAnswer, type TxnOp, type TxnRequest, type TxnResponse } from './etcd/txn.ts'
export { raftMachine } from './etcd/raft/raftMachine.ts'
export type { MemberView } from './etcd/raft/member.ts'
export {
  AutoscalerOptionsError,
  fateText,
  type AutoscalerOptions,
  type Cost,
  type Expander,
  type NodeFate,
  type NodeGroup,
} from './autoscaler/index.ts'
export { DeschedulerOptionsError, type DeschedulerOptions, type StrategyName } from './descheduler/index.ts'
export { FaultError, type ActiveFault, type Fault } from './faults.ts'
export { summaryOf as podSummaryOf } from './kinds/core/pod/columns.ts'
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
export type { ContainerInput, ExecHandle, ExecInput, LogAnswer, MachineView, NodeDoor, ProbeView } from './nodeDoor.ts'
export { etcdctlLine, say } from './say.ts'
export { leavingOf, nodeStanding } from './standing.ts'
export { benchScheduler } from './scheduler/bench.ts'
export { commandOf, SchedulerConfigurationError, whyText, type SchedulerConfiguration } from './scheduler/index.ts'
export type {
  DecisionRecord,
  MachineOrder,
  NodeVerdict,
  QueuedPodView,
  QueuePlace,
  QueueView,
  Remedy,
  RemedyKind,
  RemedyStep,
  Wake,
  Why,
} from './scheduler/index.ts'
export { freezeDeeply, InvariantError, type TraceDetail, type TraceRecord } from './sim/index.ts'
