import type { Pod } from '../engine.ts'
import type { Sheet } from './defineDescriber.ts'
import { annotationLines, labelLines, selectorText } from './parts.ts'
import { containerLines } from './containers.ts'
import { volumeLines } from './volumes.ts'

/** A pod template, as controllers hold it. */
export interface TemplateView {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec?: Pod['spec']
}

/** The part of a sheet about the pods that a controller makes. */
// upstream: kubectl/pkg/describe/describe.go DescribePodTemplate
export function templateLines(sheet: Sheet, template: TemplateView | undefined): void {
  sheet.line(0, 'Pod Template:')
  const { metadata = {}, spec } = template ?? {}
  if (spec === undefined) return sheet.line(1, '<unset>')
  labelLines(sheet, 1, 'Labels', metadata.labels)
  if (Object.keys(metadata.annotations ?? {}).length > 0) annotationLines(sheet, 1, metadata.annotations)
  if (spec.serviceAccountName) sheet.line(1, 'Service Account:', spec.serviceAccountName)
  if ((spec.initContainers ?? []).length > 0)
    containerLines(sheet, 'Init Containers', spec.initContainers!, { isTemplate: true })
  containerLines(sheet, 'Containers', spec.containers, { isTemplate: true })
  volumeLines(sheet, spec.volumes, true)
  spreadLines(sheet, 1, spec.topologySpreadConstraints)
  if (spec.priorityClassName) sheet.line(1, 'Priority Class Name:', spec.priorityClassName)
  labelLines(sheet, 1, 'Node-Selectors', spec.nodeSelector)
  tolerationLines(sheet, 1, spec.tolerations)
  groupLines(sheet, 1, spec)
}

/** Tolerations, one a line: `key=value:effect op=Exists for 300s`. */
export function tolerationLines(sheet: Sheet, level: number, tolerations: Pod['spec']['tolerations']): void {
  const sorted = [...(tolerations ?? [])].sort((a, b) =>
    (a.key ?? '') < (b.key ?? '') ? -1 : (a.key ?? '') > (b.key ?? '') ? 1 : 0,
  )
  if (sorted.length === 0) sheet.line(level, 'Tolerations:', '<none>')
  sorted.forEach((toleration, index) =>
    sheet.line(level, index === 0 ? 'Tolerations:' : '', tolerationText(toleration)),
  )
}

function tolerationText({
  key = '',
  value = '',
  effect = '',
  operator,
  tolerationSeconds,
}: NonNullable<Pod['spec']['tolerations']>[number]): string {
  const head = `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`
  const exists = operator === 'Exists' && value === '' ? `${head === '' ? '' : ' '}op=Exists` : ''
  return `${head}${exists}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`
}

/** Topology spread constraints, if there are any. */
export function spreadLines(sheet: Sheet, level: number, constraints: Pod['spec']['topologySpreadConstraints']): void {
  const sorted = [...(constraints ?? [])].sort((a, b) =>
    a.topologyKey < b.topologyKey ? -1 : a.topologyKey > b.topologyKey ? 1 : 0,
  )
  sorted.forEach(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }, index) => {
    const pods = labelSelector === undefined ? '' : ` for selector ${selectorText(labelSelector)}`
    sheet.line(
      level,
      index === 0 ? 'Topology Spread Constraints:' : '',
      `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${pods}`,
    )
  })
}

/** The group that a pod is scheduled with. */
export function groupLines(sheet: Sheet, level: number, spec: object): void {
  const { schedulingGroup } = spec as { readonly schedulingGroup?: { readonly podGroupName?: string } }
  if (schedulingGroup === undefined) return
  sheet.line(level, 'SchedulingGroup:')
  sheet.line(1, 'PodGroupName:', schedulingGroup.podGroupName ?? '')
}
