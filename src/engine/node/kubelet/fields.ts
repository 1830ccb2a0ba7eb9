import { cpuMilli, parseQuantity, wholeUnits, type Pod } from '../../api/index.ts'
import { containerOf } from './texts.ts'

/** What downward API values are read from. */
export interface FieldView {
  readonly pod: Pod
  readonly podIP: string
  readonly hostIP: string
  /** stands in for limits that are not set */
  readonly allocatable: Readonly<Record<string, string>>
}

/** A field of the pod as text: `metadata.name`, `metadata.labels['app']`, `status.podIP`. upstream: pkg/fieldpath, kubelet_pods.go */
export function fieldValue(path: string, { pod, podIP, hostIP }: FieldView): string {
  const { metadata, spec } = pod
  switch (path) {
    case 'metadata.name':
      return metadata.name
    case 'metadata.namespace':
      return metadata.namespace ?? ''
    case 'metadata.uid':
      return metadata.uid
    case 'metadata.labels':
    case 'metadata.annotations':
      return mapText(metadata[path.slice(9) as 'labels' | 'annotations'])
    case 'spec.nodeName':
      return spec.nodeName ?? ''
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? ''
    case 'status.podIP':
    case 'status.podIPs':
      return podIP
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP
    default:
      return entryValue(path, metadata)
  }
}

function entryValue(path: string, metadata: Pod['metadata']): string {
  const one = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path)
  return one === null ? '' : (metadata[one[1] as 'labels' | 'annotations']?.[one[2]!] ?? '')
}

function mapText(map: Readonly<Record<string, string>> | undefined): string {
  return Object.keys(map ?? {})
    .sort()
    .map((key) => `${key}=${JSON.stringify(map![key])}`)
    .join('\n')
}

/** A reference to a container's requests or limits. */
export interface ResourceRef {
  readonly containerName?: string
  readonly resource: string
  readonly divisor?: string
}

/** `limits.memory` of a container, divided and rounded up. upstream: pkg/api/v1/resource/helpers.go */
export function resourceValue(
  { containerName, resource, divisor }: ResourceRef,
  own: string,
  { pod, allocatable }: FieldView,
): string {
  const container = containerOf(pod, containerName ?? own)
  const dot = resource.indexOf('.')
  const name = resource.slice(dot + 1)
  const { limits, requests } = container?.resources ?? {}
  const fallback = resource.startsWith('limits.') ? allocatable[name] : '0'
  const quantity = (resource.startsWith('limits.') ? limits : requests)?.[name] ?? fallback ?? '0'
  const unit = divisor === undefined || divisor === '0' ? 1 : parseQuantity(divisor)
  if (name === 'cpu') return String(Math.ceil(cpuMilli(quantity) / (unit * 1000)))
  return String(Math.ceil(wholeUnits(quantity) / unit))
}
