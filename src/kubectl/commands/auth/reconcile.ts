import { bool } from '../../args/flags.ts'
import { writeOptions } from '../../args/options.ts'
import { groupsOf } from '../../args/resources.ts'
import { dryRun, files, output } from '../../args/shared.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { CommandError, gather, throwAll } from '../../errors.ts'
import { isEqual, missingFrom, type KubeObject, type PolicyRule } from '../../engine.ts'
import { createReporter, readDryRun } from '../../printers/output.ts'
import type { Info } from '../../manifests/objects.ts'

const flags = {
  ...files,
  ...dryRun,
  ...output,
  'remove-extra-permissions': bool('Take away what the files do not grant'),
  'remove-extra-subjects': bool('Take out whom the files do not name'),
}

interface Subject {
  readonly kind: string
  readonly apiGroup?: string
  readonly name: string
  readonly namespace?: string
}

interface Owner extends KubeObject {
  readonly rules?: readonly PolicyRule[]
  readonly roleRef?: unknown
  readonly subjects?: readonly Subject[]
}

/** What there is to do about one object. */
interface Finding {
  readonly next: Owner
  readonly operation: '' | 'create' | 'update' | 'recreate'
  readonly missing: readonly string[]
  readonly extra: readonly string[]
}

/** Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects. */
// upstream: kubectl/pkg/cmd/auth/reconcile.go, component-helpers/auth/rbac/reconciliation
export const reconcile = defineCommand({
  name: 'reconcile',
  usage: 'auth reconcile -f FILENAME',
  summary: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
  completes: 'none',
  flags,
  run(call) {
    const { cluster, io, args, flags } = call
    if (flags.filename.length === 0 && flags.kustomize === '') throw new CommandError('must specify one of -f and -k')
    if (args.length > 0) throw new CommandError('no arguments are allowed')
    const dry = readDryRun(flags['dry-run'])
    if (dry === 'server') throw new CommandError('--dry-run=server for command reconcile is not supported yet')
    const { groups, errors } = groupsOf({ ...flags, cluster, io, args: [], isValidated: false })
    const report = createReporter(flags, io, dry)
    const failures = gather(groups, (group) => {
      if (group.by !== 'name' || group.manifest === undefined) return
      const info = { ...group.target, object: group.manifest }
      if (info.kind.group !== 'rbac.authorization.k8s.io') return
      const finding = find(call, info)
      const stored = dry === 'client' ? finding.next : carryOut(call, info, finding)
      report(info, 'reconciled', stored)
      tell(call, finding, info.kind.kind.endsWith('Binding') ? 'subjects' : 'rules')
    })
    throwAll([...errors, ...failures])
    return 0
  },
})

type ReconcileCall = Call<typeof flags>

function find({ cluster, flags }: ReconcileCall, info: Info): Finding {
  const wanted = info.object as Owner
  const live = cluster.find<Owner>(info)
  const isBinding = info.kind.kind.endsWith('Binding')
  if (live === undefined)
    return {
      next: wanted,
      operation: 'create',
      missing: isBinding ? texts(wanted.subjects) : (wanted.rules ?? []).map(ruleText),
      extra: [],
    }
  if (isBinding && !isEqual(live.roleRef, wanted.roleRef))
    return { next: wanted, operation: 'recreate', missing: texts(wanted.subjects), extra: [] }
  const merged = mergedMeta(live, wanted)
  const next = isBinding
    ? withSubjects(merged, wanted, flags['remove-extra-subjects'])
    : withRules(merged, wanted, flags['remove-extra-permissions'])
  const [missing, extra] = isBinding
    ? [texts(without(wanted.subjects, live.subjects)), texts(without(live.subjects, wanted.subjects))]
    : [
        missingFrom(live.rules ?? [], wanted.rules ?? []).map(ruleText),
        missingFrom(wanted.rules ?? [], live.rules ?? []).map(ruleText),
      ]
  return { next, operation: isEqual(next, live) ? '' : 'update', missing, extra }
}

function mergedMeta(live: Owner, wanted: Owner): Owner {
  const metadata = { ...live.metadata } as Record<string, unknown>
  for (const field of ['annotations', 'labels'] as const)
    if (wanted.metadata[field]) metadata[field] = { ...wanted.metadata[field], ...live.metadata[field] }
  return { ...live, metadata } as unknown as Owner
}

function withRules(live: Owner, wanted: Owner, isExact: boolean): Owner {
  const [own = [], asked = []] = [live.rules, wanted.rules]
  const missing = missingFrom(own, asked)
  if (!isExact) return missing.length === 0 ? live : { ...live, rules: [...own, ...missing] }
  return missing.length + missingFrom(asked, own).length === 0 ? live : { ...live, rules: asked }
}

function withSubjects(live: Owner, wanted: Owner, isExact: boolean): Owner {
  const missing = without(wanted.subjects, live.subjects)
  if (!isExact) return missing.length === 0 ? live : { ...live, subjects: [...(live.subjects ?? []), ...missing] }
  const isSame = missing.length + without(live.subjects, wanted.subjects).length === 0
  return isSame ? live : { ...live, subjects: wanted.subjects ?? [] }
}

function without(subjects: readonly Subject[] = [], others: readonly Subject[] = []): readonly Subject[] {
  return subjects.filter((one) => !others.some((other) => subjectText(one) === subjectText(other)))
}

const texts = (subjects: readonly Subject[] = []): readonly string[] => subjects.map(subjectText)

function subjectText({ kind, apiGroup, name, namespace = '' }: Subject): string {
  const group = apiGroup ?? (kind === 'ServiceAccount' ? '' : 'rbac.authorization.k8s.io')
  return `{Kind:${kind} APIGroup:${group} Name:${name} Namespace:${namespace}}`
}

function ruleText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const list = (words: readonly string[] = []): string => `[${words.join(' ')}]`
  return `{Verbs:${list(verbs)} APIGroups:${list(apiGroups)} Resources:${list(resources)} ResourceNames:${list(resourceNames)} NonResourceURLs:${list(nonResourceURLs)}}`
}

function carryOut(call: ReconcileCall, info: Info, { next, operation }: Finding): Owner {
  const { cluster } = call
  const options = writeOptions('none', 'kubectl-auth-reconcile')
  if (operation === '') return next
  if (operation === 'update') return cluster.update<Owner>(info, next, options)
  if (operation === 'recreate') cluster.delete(info)
  else if (info.namespace !== undefined) ensureNamespace(call, info.namespace)
  return cluster.create<Owner>(info.kind, info.namespace, next, options)
}

function ensureNamespace({ cluster }: ReconcileCall, name: string): void {
  const kind = cluster.kind('namespaces')
  if (cluster.find({ kind, name }) !== undefined) return
  cluster.create(kind, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}

function tell({ io, flags }: ReconcileCall, { operation, missing, extra }: Finding, what: 'rules' | 'subjects'): void {
  if (operation === '') return
  io.err(`\treconciliation required ${operation}\n`)
  const isExact = flags[what === 'rules' ? 'remove-extra-permissions' : 'remove-extra-subjects']
  if (missing.length > 0) io.err(`\tmissing ${what} added:\n${missing.map((text) => `\t\t${text}\n`).join('')}`)
  if (isExact && extra.length > 0) io.err(`\textra ${what} removed:\n${extra.map((text) => `\t\t${text}\n`).join('')}`)
}
