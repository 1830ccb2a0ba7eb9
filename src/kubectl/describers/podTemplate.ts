import type { Pod } from '../engine.ts'
import type { Sheet } from './defineDescriber.ts'
import { annotationLines, labelLines } from './parts.ts'
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
  const title = 'Topology Spread Constraints:'
  ;[...(constraints ?? [])]
    .sort((a, b) => (a.topologyKey < b.topologyKey ? -1 : 1))
    .forEach(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector, minDomains }, index) => {
      const domains = minDomains === undefined ? '' : `, minDomains ${minDomains}`
      const pods =
        labelSelector === undefined
          ? ''
          : ` for selector ${Object.entries(labelSelector.matchLabels ?? {})
              .map(([key, value]) => `${key}=${value}`)
              .sort()
              .join(',')}`
      sheet.line(
        level,
        index === 0 ? title : '',
        `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew}${domains} is exceeded${pods}`,
      )
    })
}
