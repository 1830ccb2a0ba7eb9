import { formatTime, type KubeObject } from '../api/index.ts'
import type { Cloud } from './cloud.ts'
import type { AutoscalerState } from './state.ts'

/** Where the autoscaler says how it does. */
export const statusMap = { kind: 'ConfigMap', namespace: 'kube-system', name: 'cluster-autoscaler-status' } as const

/** How many nodes there are, and in what state. */
export interface Counts {
  readonly registered: number
  readonly ready: number
  readonly upcoming: number
}

/** The status but for its times: it is written again when this changes. */
// upstream: cluster-autoscaler/clusterstate/api/types.go
export function statusTextOf(state: AutoscalerState, cloud: Cloud, countsOf: (group: string) => Counts): string {
  const groups = cloud.groups.map(({ name, min, max }) => ({ name, min, max, ...countsOf(name) }))
  const sum = (pick: (counts: Counts) => number): number => groups.reduce((total, group) => total + pick(group), 0)
  const all = {
    registered: sum((group) => group.registered),
    ready: sum((group) => group.ready),
    upcoming: sum((group) => group.upcoming),
  }
  const isUnneeded = (group: string): number =>
    [...state.unneeded.keys()].filter((node) => cloud.groupOf(node)?.name === group).length
  return [
    'autoscalerStatus: Running',
    'clusterWide:',
    ...section(all, state.unneeded.size, []),
    'nodeGroups:',
    ...groups.flatMap((group) => {
      const { name, min, max } = group
      const target = cloud.stateOf(name).target
      const sizes = [`cloudProviderTarget: ${target}`, `maxSize: ${max}`, `minSize: ${min}`]
      const [first = '', ...rest] = section(group, isUnneeded(name), sizes)
      return [`- ${first.trimStart()}`, ...rest, `  name: ${name}`]
    }),
    '',
  ].join('\n')
}

function section({ registered, ready, upcoming }: Counts, candidates: number, sizes: readonly string[]): string[] {
  return [
    '  health:',
    ...sizes.map((line) => `    ${line}`),
    '    nodeCounts:',
    '      longUnregistered: 0',
    '      registered:',
    `        notStarted: ${registered - ready}`,
    `        ready: ${ready}`,
    `        total: ${registered}`,
    `      unregistered: ${upcoming}`,
    '    status: Healthy',
    '  scaleDown:',
    ...(candidates > 0 ? [`    candidates: ${candidates}`] : []),
    `    status: ${candidates > 0 ? 'CandidatesPresent' : 'NoCandidates'}`,
    '  scaleUp:',
    `    status: ${upcoming > 0 ? 'InProgress' : 'NoActivity'}`,
  ]
}

/** The ConfigMap that holds a status. */
export function statusObject(text: string, now: number): KubeObject {
  const time = formatTime(now).replace('T', ' ').replace('Z', ' +0000 UTC')
  return {
    apiVersion: 'v1',
    kind: statusMap.kind,
    metadata: {
      namespace: statusMap.namespace,
      name: statusMap.name,
      annotations: { 'cluster-autoscaler.kubernetes.io/last-updated': time },
    },
    data: { status: `time: ${time}\n${text}` },
  } as unknown as KubeObject
}
