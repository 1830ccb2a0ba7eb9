import { ApiError, cpuMilli, forbidden, isEqual, wholeUnits, type Node, type Pod } from '../../api/index.ts'
import { podTotals } from '../../api/quota/podTotals.ts'
import { defineAdmission } from './admission.ts'

/** Refuses a resize that the pod's node could not grant even if it were empty. */
// upstream: plugin/pkg/admission/podresize/admission.go
export const podResize = defineAdmission({
  name: 'PodResizeValidator',
  kinds: ['Pod'],
  verbs: ['update'],
  subresources: ['resize'],
  validate({ draft, old, name, context }) {
    const pod = draft as unknown as Pod
    const { nodeName } = pod.spec
    if (!nodeName || isEqual(pod.spec, (old as Pod).spec)) return
    const node = context.find<Node>('Node', nodeName)
    if (node === undefined) throw refusal(name, `node "${nodeName}" not found`)
    const system = node.metadata.labels?.['kubernetes.io/os']
    if (system !== undefined && system !== 'linux') {
      const text = `pod resize is only supported on linux nodes, node "${nodeName}" is "${system}"`
      throw refusal(name, text, 'UnsupportedPlatform')
    }
    const short = shortage(pod, node)
    if (short.length > 0)
      throw refusal(name, `node didn't have enough allocatable resources: ${short.join('; ')}`, 'NodeCapacity')
  },
})

function refusal(name: string, text: string, reason?: string): ApiError {
  const { status } = forbidden({ group: '', resource: 'pods' }, name, text)
  return reason === undefined
    ? new ApiError(status)
    : new ApiError({ ...status, details: { ...status.details, causes: [{ reason }] } })
}

function shortage({ spec }: Pod, { status }: Node): string[] {
  const requests = podTotals(spec, 'requests')
  const short: string[] = []
  const compare = (resource: 'cpu' | 'memory', asked: number, has: number): void => {
    if (asked > has) short.push(`${resource}, requested: ${asked}, allocatable: ${has}`)
  }
  const ceiling = (milli: bigint): number => Number((milli + 999n) / 1000n)
  compare('cpu', Number(requests['cpu']?.milli ?? 0n), cpuMilli(status.allocatable?.['cpu'] ?? '0'))
  compare('memory', ceiling(requests['memory']?.milli ?? 0n), wholeUnits(status.allocatable?.['memory'] ?? '0'))
  return short
}
