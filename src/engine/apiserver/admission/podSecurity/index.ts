import { forbidden, invalid, isEqual, type Namespace, type ObjectMeta, type Pod } from '../../../api/index.ts'
import { defineAdmission, type AdmissionRequest } from '../admission.ts'
import { detailsText, reasonsText, violationsOf, type Standard } from './evaluate.ts'
import { hasPolicy, isAtMost, labelErrors, standardOf } from './labels.ts'
import type { PodSpec } from './violation.ts'

/** Holds pods to the standard that their namespace asks for, and warns of workloads whose pods would break it. */
// upstream: staging/src/k8s.io/pod-security-admission/admission/admission.go
export const podSecurity = defineAdmission({
  name: 'PodSecurity',
  get kinds() {
    return ['Namespace', 'Pod', ...Object.keys(templates)]
  },
  verbs: ['create', 'update'],
  subresources: ['', 'ephemeralcontainers'],
  validate(request) {
    const { kind, subresource, draft } = request
    if (draft === undefined) return
    if (kind.kind === 'Namespace') {
      if (subresource === '') checkNamespace(request)
    } else if (kind.kind === 'Pod' && kind.group === '') checkPod(request)
    else if (subresource === '') warnOfTemplate(request)
  },
})

interface Template {
  readonly metadata?: Partial<ObjectMeta>
  readonly spec?: PodSpec
}

function checkPod(request: AdmissionRequest): void {
  const { draft, old, kind, name, namespace, context, warnings, verb } = request
  const labels = context.find<Namespace>('Namespace', namespace)?.metadata.labels
  if (!hasPolicy(labels)) return
  const pod = draft as unknown as Pod
  if (verb === 'update' && !isSignificant(pod, old as Pod)) return
  const enforced = standardOf('enforce', labels)
  const broken = violationsOf(enforced, pod.spec, pod.metadata)
  if (broken.length > 0)
    throw forbidden(
      { group: kind.group, resource: kind.plural },
      name,
      `violates PodSecurity ${titleOf(enforced)}: ${detailsText(broken)}`,
    )
  warnOf(standardOf('warn', labels), pod.spec, pod.metadata, warnings)
}

/** Only another image, another container or another note on seccomp has a pod looked at again. */
// upstream: isSignificantPodUpdate
function isSignificant(next: Pod, old: Pod): boolean {
  return !isEqual(noted(next), noted(old)) || !isEqual(imagesOf(next.spec), imagesOf(old.spec))
}

function noted({ metadata }: Pod): readonly (readonly [string, string])[] {
  return Object.entries(metadata.annotations ?? {})
    .filter(([key]) => key.startsWith('seccomp.security.') || key.startsWith('container.seccomp.security.'))
    .sort()
}

function imagesOf({ containers, initContainers = [], ephemeralContainers = [] }: PodSpec): readonly object[] {
  return [containers, initContainers, ephemeralContainers].map((list) => list.map(({ name, image }) => [name, image]))
}

/** Kinds that make pods, and where their template is. */
const templates: Readonly<Record<string, (object: Templated) => Template | undefined>> = {
  PodTemplate: ({ template }) => template,
  ReplicationController: ({ spec }) => spec?.template,
  ReplicaSet: ({ spec }) => spec?.template,
  Deployment: ({ spec }) => spec?.template,
  StatefulSet: ({ spec }) => spec?.template,
  DaemonSet: ({ spec }) => spec?.template,
  Job: ({ spec }) => spec?.template,
  CronJob: ({ spec }) => spec?.jobTemplate?.spec?.template,
}

interface Templated {
  readonly template?: Template
  readonly spec?: {
    readonly template?: Template
    readonly jobTemplate?: { readonly spec?: { readonly template?: Template } }
  }
}

const templateGroups: ReadonlySet<string> = new Set(['', 'apps', 'batch'])

function warnOfTemplate({ kind, draft, namespace, context, warnings }: AdmissionRequest): void {
  const templateOf = templates[kind.kind]
  if (templateOf === undefined || !templateGroups.has(kind.group)) return
  const labels = context.find<Namespace>('Namespace', namespace)?.metadata.labels
  if (!hasPolicy(labels)) return
  const template = templateOf(draft as unknown as Templated)
  if (template?.spec) warnOf(standardOf('warn', labels), template.spec, template.metadata ?? {}, warnings)
}

function warnOf(standard: Standard, spec: PodSpec, metadata: Partial<ObjectMeta>, warnings: string[]): void {
  const broken = violationsOf(standard, spec, metadata)
  if (broken.length > 0) warnings.push(`would violate PodSecurity ${titleOf(standard)}: ${detailsText(broken)}`)
}

const titleOf = ({ level, version }: Standard): string => JSON.stringify(`${level}:${version}`)

function checkNamespace({ verb, draft, old, context, warnings }: AdmissionRequest): void {
  const { metadata } = draft as unknown as Namespace
  const before = (old as Namespace | undefined)?.metadata.labels ?? {}
  const labels = metadata.labels ?? {}
  if (verb === 'update' && isEqual(before, labels)) return
  const errors = labelErrors(labels)
  if (errors.length > 0) throw invalid('', 'Namespace', metadata.name, errors)
  if (verb === 'update')
    warnOfPods(metadata.name, standardOf('enforce', labels), standardOf('enforce', before), context, warnings)
}

/** Pods that are there already stay, and are told of. */
function warnOfPods(
  namespace: string,
  next: Standard,
  before: Standard,
  context: AdmissionRequest['context'],
  warnings: string[],
): void {
  if (next.level === 'privileged' || isEqual(next, before)) return
  if (next.version === before.version && isAtMost(next.level, before.level)) return
  const byText = new Map<string, string[]>()
  for (const { spec, metadata } of context.list<Pod>('Pod', namespace)) {
    const text = reasonsText(violationsOf(next, spec, metadata))
    if (text !== '') byText.set(text, [...(byText.get(text) ?? []), metadata.name])
  }
  if (byText.size === 0) return
  warnings.push(
    `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${titleOf(next)}`,
  )
  for (const text of [...byText.keys()].sort()) warnings.push(`${podsText(byText.get(text)!)}: ${text}`)
}

function podsText([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return first
  return `${first} (and ${others.length} other ${others.length === 1 ? 'pod' : 'pods'})`
}
