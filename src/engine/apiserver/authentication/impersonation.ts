import { badRequest, isSubdomain, type User } from '../../api/index.ts'
import { about, refusal, type Attributes } from '../authorization/attributes.ts'
import { decide } from '../authorization/authorizer.ts'
import { attributesOf } from '../authorization/requestAttributes.ts'
import type { Policy } from '../authorization/rbac.ts'
import type { Passage, Server } from '../passage.ts'
import { accountOf, groupsOfAccount } from './accounts.ts'

const authentication = 'authentication.k8s.io'
const nodePrefix = 'system:node:'
const manyChecks = 4

interface Mode {
  readonly name: 'arbitrary-node' | 'serviceaccount' | 'user-info'
  readonly fits: (wanted: User) => boolean
}

/** The ways to be allowed to act as somebody else, each for some sort of user; after them, the old verb `impersonate`. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation/mode.go
const modes: readonly Mode[] = [
  { name: 'arbitrary-node', fits: (wanted) => isNameAlone(wanted) && nodeOf(wanted.name) !== undefined },
  { name: 'serviceaccount', fits: (wanted) => isNameAlone(wanted) && accountOf(wanted.name) !== undefined },
  { name: 'user-info', fits: ({ name }) => nodeOf(name) === undefined && accountOf(name) === undefined },
]

/** The user that a request is made as, if whoever makes it may do so; the first refusal of all ways is thrown. */
export function impersonate(passage: Passage, wanted: User, { context }: Server): User {
  return impersonated(wanted, (requestor) => attributesOf(passage, requestor), context)
}

/** The same for any question: `attributes` says what is asked, by whom. */
export function impersonated(wanted: User, attributes: (requestor: User) => Attributes, policy: Policy): User {
  const requestor = wanted.impersonator!
  if (wanted.name === '') throw badRequest(`requested ${goUser(wanted)} without impersonating a user name`)
  const asked = attributes(requestor)
  let first: unknown
  for (const mode of [...modes.filter(({ fits }) => fits(wanted)), undefined]) {
    try {
      if (mode !== undefined) check({ ...asked, verb: `impersonate-on:${mode.name}:${asked.verb}` }, policy)
      return checked(wanted, requestor, mode, policy)
    } catch (error) {
      first ??= error
    }
  }
  throw first
}

function check(attributes: Attributes, policy: Policy): void {
  const { isAllowed, reason } = decide(attributes, policy)
  if (!isAllowed) throw refusal(attributes, reason)
}

function checked(wanted: User, requestor: User, mode: Mode | undefined, policy: Policy): User {
  const verb = mode === undefined ? 'impersonate' : `impersonate:${mode.name}`
  const group = mode === undefined ? '' : authentication
  const ask = (resource: string, name: string, rest: Partial<Attributes> = {}): Attributes =>
    about(requestor, verb, { group, resource, name, ...rest })
  const account = accountOf(wanted.name)
  const node = nodeOf(wanted.name)
  if (account) check(ask('serviceaccounts', account.name, { namespace: account.namespace }), policy)
  else if (mode !== undefined && node !== undefined) check(ask('nodes', node), policy)
  else check(ask('users', wanted.name), policy)
  if (wanted.uid) check(ask('uids', wanted.uid, { group: authentication }), policy)
  checkGroups(wanted.groups, mode !== undefined, ask, policy)
  for (const [key, values] of Object.entries(wanted.extra ?? {}))
    for (const value of values) check(ask('userextras', value, { group: authentication, subresource: key }), policy)
  return actual(wanted, mode)
}

function checkGroups(
  groups: readonly string[],
  isConstrained: boolean,
  ask: (resource: string, name: string) => Attributes,
  policy: Policy,
): void {
  if (isConstrained && groups.includes(''))
    throw refusal(ask('groups', ''), 'impersonating the empty string group is not allowed')
  if (isConstrained && groups.includes('system:masters'))
    throw refusal(ask('groups', 'system:masters'), 'impersonating the system:masters group is not allowed')
  if (isConstrained && groups.length >= manyChecks && decide(ask('groups', '*'), policy).isAllowed) return
  for (const group of groups) check(ask('groups', group), policy)
}

/** The user with the groups that go without saying. */
function actual({ name, uid, extra, groups: asked }: User, mode: Mode | undefined): User {
  const account = accountOf(name)
  const given = asked.length > 0 ? asked : account ? groupsOfAccount(account.namespace) : []
  const groups = mode?.name === 'arbitrary-node' ? ['system:nodes'] : given
  const own = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'
  const isOpen = groups.includes(own) || (own === 'system:authenticated' && groups.includes('system:unauthenticated'))
  return {
    name,
    groups: isOpen ? groups : [...groups, own],
    ...(uid && { uid }),
    ...(extra && Object.keys(extra).length > 0 && { extra }),
  }
}

const isNameAlone = ({ groups, uid, extra }: User): boolean =>
  groups.length === 0 && !uid && Object.keys(extra ?? {}).length === 0

function nodeOf(name: string): string | undefined {
  if (!name.startsWith(nodePrefix)) return undefined
  const node = name.slice(nodePrefix.length)
  return isSubdomain(node).length === 0 ? node : undefined
}

/** A user as Go prints one that is asked for by half. */
function goUser({ uid = '', groups, extra }: User): string {
  const list =
    groups.length === 0 ? '[]string(nil)' : `[]string{${groups.map((one) => JSON.stringify(one)).join(', ')}}`
  const pairs = Object.entries(extra ?? {}).map(
    ([key, values]) => `${JSON.stringify(key)}:[]string{${values.map((one) => JSON.stringify(one)).join(', ')}}`,
  )
  const map = pairs.length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${pairs.join(', ')}}`
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${list}, Extra:${map}}`
}
