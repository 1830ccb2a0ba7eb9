import type { HorizontalPodAutoscaler } from '../../api/index.ts'

type Spec = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number]
type Status = NonNullable<HorizontalPodAutoscaler['status']['currentMetrics']>[number]

interface Target {
  readonly value?: string
  readonly averageValue?: string
  readonly averageUtilization?: number
}

const shownMax = 2

/** `cpu: 20%/50%`: what is measured, and what is wanted. */
// upstream: pkg/printers/internalversion/printers.go formatHPAMetrics
export function targetsText(specs: readonly Spec[], statuses: readonly Status[]): string {
  if (specs.length === 0) return '<none>'
  const texts = specs.map((spec, index) => targetText(spec, statuses[index]))
  const shown = texts.slice(0, shownMax).join(', ')
  return texts.length > shownMax ? `${shown} + ${texts.length - shownMax} more...` : shown
}

function targetText({ type, external, pods, object, resource, containerResource }: Spec, status?: Status): string {
  switch (type) {
    case 'External':
      return valueText(external?.target, status?.external?.current)
    case 'Object':
      return valueText(object?.target, status?.object?.current)
    case 'Pods':
      return `${status?.pods?.current.averageValue ?? '<unknown>'}/${pods?.target.averageValue ?? '0'}`
    case 'Resource':
      return `${resource?.name ?? ''}: ${usageText(resource?.target, status?.resource?.current)}`
    case 'ContainerResource':
      return `${containerResource?.name ?? ''}: ${usageText(containerResource?.target, status?.containerResource?.current)}`
    default:
      return '<unknown type>'
  }
}

function valueText(target: Target | undefined, current: Target | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? '<unknown>'}/${target.averageValue} (avg)`
  return `${current?.value ?? '<unknown>'}/${target?.value ?? '0'}`
}

function usageText(target: Target | undefined, current: Target | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? '<unknown>'}/${target.averageValue}`
  const used = current?.averageUtilization
  const wanted = target?.averageUtilization
  return `${used === undefined ? '<unknown>' : `${used}%`}/${wanted === undefined ? '<auto>' : `${wanted}%`}`
}
