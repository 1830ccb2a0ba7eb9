import { list } from '../../args/flags.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import { copyOf, isEqual, type KubeObject } from '../../engine.ts'
import { changeAll, setFlags } from './change.ts'

const apiGroup = 'rbac.authorization.k8s.io'

/** Update the user, group, or service account in a role binding or cluster role binding. */
// upstream: kubectl/pkg/cmd/set/set_subject.go
export const setSubject = defineCommand({
  name: 'subject',
  usage:
    'set subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  summary: 'Update the user, group, or service account in a role binding or cluster role binding',
  examples: ['kubectl set subject rolebinding readers --user=ann --serviceaccount=default:bot'],
  completes: 'resources',
  flags: {
    ...setFlags,
    user: list('A user to bind; may be repeated'),
    group: list('A group to bind; may be repeated'),
    serviceaccount: list('A service account to bind, as <namespace>:<name>; may be repeated'),
  },
  run(call) {
    const { flags, args, cluster } = call
    const isIdle = flags.user.length + flags.group.length + flags.serviceaccount.length === 0
    const accounts = flags.serviceaccount.map((word) => word.split(':'))
    const isWrong = accounts.some((parts) => parts.length !== 2 || parts[1] === '')
    return changeAll(call, {
      resources: args,
      lack: isIdle
        ? 'you must specify at least one value of user, group or serviceaccount'
        : isWrong
          ? 'serviceaccount must be <namespace>:<name>'
          : undefined,
      done: 'subjects updated',
      failure: 'failed to patch subjects to rolebinding:',
      change({ object }) {
        if (!bindings.has(object.kind))
          throw new CommandError('setting subjects is only supported for RoleBinding/ClusterRoleBinding')
        const draft = copyOf(object) as KubeObject & { subjects?: object[] }
        const before = draft.subjects ?? []
        const wanted = [
          ...sorted(flags.user).map((name) => ({ kind: 'User', apiGroup, name })),
          ...sorted(flags.group).map((name) => ({ kind: 'Group', apiGroup, name })),
          ...sorted(flags.serviceaccount).map((word) => accountOf(word, cluster.namespace)),
        ]
        draft.subjects = [...before, ...wanted.filter((one) => !before.some((other) => isEqual(one, other)))]
        return draft
      },
    })
  },
})

const bindings: ReadonlySet<string> = new Set(['RoleBinding', 'ClusterRoleBinding'])

const sorted = (words: readonly string[]): readonly string[] => [...new Set(words)].sort()

function accountOf(word: string, here: string): object {
  const [namespace, name] = word.split(':')
  return { kind: 'ServiceAccount', name, namespace: namespace || here }
}
