import { list, text } from '../../args/flags.ts'
import { CommandError } from '../../errors.ts'

const apiGroup = 'rbac.authorization.k8s.io'

/** Who is bound. */
export const subjectFlags = {
  user: list('A user; may be repeated'),
  group: list('A group; may be repeated'),
  serviceaccount: list('A service account, as <namespace>:<name>; may be repeated'),
  clusterrole: text('The ClusterRole'),
}

interface Subjects {
  readonly user: readonly string[]
  readonly group: readonly string[]
  readonly serviceaccount: readonly string[]
}

/** The subjects that the flags name: users, groups, accounts. */
export function subjectsOf({ user, group, serviceaccount }: Subjects): { readonly subjects?: readonly object[] } {
  const subjects = [
    ...user.map((name) => ({ kind: 'User', apiGroup, name })),
    ...group.map((name) => ({ kind: 'Group', apiGroup, name })),
    ...serviceaccount.map(accountOf),
  ]
  return subjects.length === 0 ? {} : { subjects }
}

function accountOf(word: string): object {
  const [namespace, name, ...more] = word.split(':')
  if (!namespace || !name || more.length > 0) throw new CommandError('serviceaccount must be <namespace>:<name>')
  return { kind: 'ServiceAccount', name, namespace }
}

/** The role that is bound. */
export const roleRefOf = (kind: 'Role' | 'ClusterRole', name: string): object => ({ apiGroup, kind, name })
