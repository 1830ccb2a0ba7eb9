import { selects, type KubeObject, type LabelSelector, type Namespace } from '../../../api/index.ts'
import type { AdmissionRequest } from '../admission.ts'

/** Which requests a policy, a binding or a webhook wants to hear of. */
export interface Match {
  readonly namespaceSelector?: LabelSelector
  readonly objectSelector?: LabelSelector
  readonly resourceRules?: readonly Rule[]
  readonly excludeResourceRules?: readonly Rule[]
  readonly matchPolicy?: string
}

/** One rule: operations on resources. */
export interface Rule {
  readonly operations?: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly apiVersions?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly scope?: string
}

const operations: Readonly<Record<string, string>> = {
  create: 'CREATE',
  update: 'UPDATE',
  patch: 'UPDATE',
  delete: 'DELETE',
}

/** What a request does, as rules name it. */
export function operationOf({ verb, subresource }: AdmissionRequest): string {
  return verb === 'create' && connecting.has(subresource) ? 'CONNECT' : (operations[verb] ?? '')
}

const connecting: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy'])

/** Whether a request is one of those. */
// upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/matching/matching.go
export function isMatch(match: Match | undefined, request: AdmissionRequest, object: KubeObject | undefined): boolean {
  if (match === undefined) return true
  const { resourceRules, excludeResourceRules = [], namespaceSelector, objectSelector } = match
  if (excludeResourceRules.some((rule) => isRuled(rule, request, match))) return false
  if (resourceRules !== undefined && !resourceRules.some((rule) => isRuled(rule, request, match))) return false
  return isInNamespace(namespaceSelector, request) && isLabelled(objectSelector, object, request.old)
}

/** Whether a rule speaks of a request. */
export function isRuled(rule: Rule, request: AdmissionRequest, { matchPolicy = 'Equivalent' }: Match = {}): boolean {
  const { kind, subresource, name } = request
  const has = (list: readonly string[] | undefined, word: string): boolean =>
    list === undefined || list.includes('*') || list.includes(word)
  const { scope = '*', resourceNames = [] } = rule
  if (!has(rule.operations, operationOf(request))) return false
  if (!has(rule.apiGroups, kind.group)) return false
  // another version of the same resource is as good as the one that is named
  if (matchPolicy === 'Exact' && !has(rule.apiVersions, kind.version)) return false
  if (scope !== '*' && (scope === 'Namespaced') !== kind.namespaced) return false
  if (resourceNames.length > 0 && !resourceNames.includes(name)) return false
  return (rule.resources ?? ['*']).some((pattern) => isResource(pattern, kind.plural, subresource))
}

function isResource(pattern: string, plural: string, subresource: string): boolean {
  const [resource = '', sub = ''] = pattern.split('/')
  if (resource !== '*' && resource !== plural) return false
  return sub === '*' || sub === subresource
}

function isInNamespace(selector: LabelSelector | undefined, request: AdmissionRequest): boolean {
  if (selector === undefined || isOpen(selector)) return true
  const namespace = namespaceOf(request)
  return namespace === undefined ? !request.kind.namespaced : selects(selector, namespace.metadata.labels ?? {})
}

function isLabelled(
  selector: LabelSelector | undefined,
  object: KubeObject | undefined,
  old: KubeObject | undefined,
): boolean {
  if (selector === undefined || isOpen(selector)) return true
  return [object, old].some((one) => one !== undefined && selects(selector, one.metadata.labels ?? {}))
}

const isOpen = ({ matchLabels, matchExpressions }: LabelSelector): boolean =>
  Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0

/** The namespace of a request, or the namespace it is about. */
export function namespaceOf({ kind, namespace, name, draft, context }: AdmissionRequest): Namespace | undefined {
  if (kind.kind === 'Namespace' && kind.group === '')
    return (draft as unknown as Namespace | undefined) ?? context.find<Namespace>('Namespace', name)
  return kind.namespaced ? context.find<Namespace>('Namespace', namespace) : undefined
}
