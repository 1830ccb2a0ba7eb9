import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../engine.ts'
import { defineDescriber, type Describer, type Sheet, type Subject } from './defineDescriber.ts'
import { annotationLines, labelLines } from './parts.ts'

type Rule = NonNullable<Role['rules']>[number]

/** One row of the table: everything but the verbs is a single thing. */
interface Row {
  readonly resource: string
  readonly url: string
  readonly name: string
  readonly verbs: readonly string[]
}

/** One role: what it allows, a line each resource. */
export const roleDescriber = defineDescriber<Role>({ group: rbacGroup(), kind: 'Role', describe: describeRole })

/** One cluster role. */
export const clusterRoleDescriber = defineDescriber<ClusterRole>({
  group: rbacGroup(),
  kind: 'ClusterRole',
  describe: describeRole,
})

/** One role binding: which role, and whom it is given to. */
export const roleBindingDescriber = bindingDescriber('RoleBinding')

/** One cluster role binding. */
export const clusterRoleBindingDescriber = bindingDescriber('ClusterRoleBinding')

function rbacGroup(): string {
  return 'rbac.authorization.k8s.io'
}

// upstream: kubectl/pkg/describe/describe.go RoleDescriber
function describeRole({ object, sheet }: Subject<Role>): void {
  nameLines(sheet, object.metadata)
  sheet.line(0, 'PolicyRule:')
  sheet.line(1, 'Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs')
  sheet.line(1, '---------', '-----------------', '--------------', '-----')
  for (const { resource, url, name, verbs } of compacted((object.rules ?? []).flatMap(rowsOf)))
    sheet.line(1, resource, listText(url), listText(name), `[${verbs.join(' ')}]`)
}

function nameLines(sheet: Sheet, { name, labels, annotations }: Role['metadata']): void {
  sheet.line(0, 'Name:', name)
  labelLines(sheet, 0, 'Labels', labels)
  annotationLines(sheet, 0, annotations)
}

const listText = (text: string): string => (text === '' ? '[]' : `[${text}]`)

/** A rule taken apart; a URL makes one row each verb. upstream: component-helpers/auth/rbac/validation BreakdownRule */
function rowsOf({ apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs }: Rule): Row[] {
  const rows = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      (resourceNames.length === 0 ? [''] : resourceNames).map((name) => ({
        resource: fullName(resource, group),
        url: '',
        name,
        verbs: [...new Set(verbs)],
      })),
    ),
  )
  return [
    ...rows,
    ...nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ resource: '', url, name: '', verbs: [verb] }))),
  ]
}

function fullName(resource: string, group: string): string {
  if (group === '') return resource
  const [plain = '', subresource] = resource.split('/')
  return `${plain}.${group}${subresource === undefined ? '' : `/${subresource}`}`
}

/** Rows about the same resource become one; then as upstream sorts them, by the text that Go prints of a rule. */
function compacted(rows: readonly Row[]): readonly Row[] {
  const merged = new Map<string, Row>()
  const others: Row[] = []
  for (const row of rows) {
    if (row.resource === '') {
      others.push(row)
      continue
    }
    const key = `${row.resource}|${row.name}`
    const known = merged.get(key)
    merged.set(key, known ? { ...known, verbs: [...new Set([...known.verbs, ...row.verbs])] } : row)
  }
  return [...others, ...merged.values()]
    .map((row) => ({ row, text: sortText(row) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ row }) => row)
}

/** upstream sorts by the protobuf text of a rule: verbs, then group, resource, name, URL. */
function sortText({ resource, url, name, verbs }: Row): string {
  const [head = '', subresource] = resource.split('/')
  const dot = head.indexOf('.')
  const [plain, group] = dot < 0 ? [head, ''] : [head.slice(0, dot), head.slice(dot + 1)]
  const full = subresource === undefined ? plain : `${plain}/${subresource}`
  const list = (text: string): string => `[${text}]`
  return `&PolicyRule{Verbs:[${verbs.join(' ')}],APIGroups:${resource === '' ? '[]' : list(group)},Resources:${list(full)},ResourceNames:${list(name)},NonResourceURLs:${list(url)},}`
}

function bindingDescriber(kind: 'RoleBinding' | 'ClusterRoleBinding'): Describer {
  return defineDescriber<RoleBinding | ClusterRoleBinding>({
    group: rbacGroup(),
    kind,
    describe({ object, sheet }) {
      const { metadata, roleRef, subjects = [] } = object
      nameLines(sheet, metadata)
      sheet.line(0, 'Role:')
      sheet.line(1, 'Kind:', roleRef.kind)
      sheet.line(1, 'Name:', roleRef.name)
      sheet.line(0, 'Subjects:')
      sheet.line(1, 'Kind', 'Name', 'Namespace')
      sheet.line(1, '----', '----', '---------')
      for (const subject of subjects) sheet.line(1, subject.kind, subject.name, subject.namespace ?? '')
    },
  })
}
