import {
  badRequest,
  formatTime,
  invalid,
  invalidValue,
  type FieldError,
  type KubeObject,
  type User,
} from '../../api/index.ts'
import { userOfToken, issuer } from '../authentication/tokens.ts'
import type { Passage, Server } from '../passage.ts'
import { about, aboutPath, type Attributes } from './attributes.ts'
import { decide } from './authorizer.ts'
import { nodeNameOf } from './nodeAuthorizer.ts'
import { aggregate, rulesFor } from './rbac.ts'

interface Review extends KubeObject {
  readonly spec?: Spec
}

interface Spec {
  readonly resourceAttributes?: Partial<Attributes> & { readonly version?: string }
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string }
  readonly user?: string
  readonly groups?: readonly string[]
  readonly uid?: string
  readonly extra?: Readonly<Record<string, readonly string[]>>
  readonly namespace?: string
  readonly token?: string
  readonly audiences?: readonly string[]
}

type Answer = (passage: Passage, review: Review, server: Server) => object

/** Answers a question that is sent as an object and never stored. */
// upstream: pkg/registry/authorization, pkg/registry/authentication
export function answerReview(passage: Passage, server: Server): unknown {
  const { kind } = passage
  const review = passage.draft as unknown as Review
  const answer = answers[kind.kind]
  if (answer === undefined) throw badRequest(`nobody answers a ${kind.kind}`)
  return { ...review, metadata: { ...review.metadata }, ...answer(passage, review, server) }
}

const answers: Readonly<Record<string, Answer>> = {
  SelfSubjectAccessReview(passage, { spec = {} }, server) {
    refuse(passage, attributeErrors(spec))
    return { status: statusOf(passage.user, spec, server) }
  },

  SubjectAccessReview(passage, { spec = {} }, server) {
    refuse(passage, [...attributeErrors(spec), ...subjectErrors(spec)])
    return { status: statusOf(subjectOf(spec), spec, server) }
  },

  LocalSubjectAccessReview(passage, { spec = {}, metadata }, server) {
    const errors = [...attributeErrors(spec), ...subjectErrors(spec)]
    const { namespace } = passage
    const asked = spec.resourceAttributes?.namespace ?? ''
    if (asked !== namespace || metadata.namespace !== namespace)
      errors.push(invalidValue('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace'))
    if (spec.nonResourceAttributes !== undefined)
      errors.push(
        invalidValue('spec.nonResourceAttributes', spec.nonResourceAttributes, 'disallowed on this kind of request'),
      )
    refuse(passage, errors)
    return { status: statusOf(subjectOf(spec), spec, server) }
  },

  SelfSubjectRulesReview({ user }, { spec = {} }, server) {
    if (!spec.namespace) throw badRequest('no namespace on request')
    const { rules, errors } = rulesFor(user, spec.namespace, server.context)
    const isNode = nodeNameOf(user) !== undefined
    const told = isNode ? ['node authorizer does not support user rule resolution', ...errors] : errors
    const status = {
      resourceRules: rules
        .filter(({ resources }) => resources?.length)
        .map(({ verbs, apiGroups, resources, resourceNames }) => ({
          verbs,
          apiGroups,
          resources,
          ...(resourceNames?.length && { resourceNames }),
        })),
      nonResourceRules: rules
        .filter(({ nonResourceURLs }) => nonResourceURLs?.length)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: isNode,
      ...(told.length > 0 && { evaluationError: aggregate(told) }),
    }
    return { spec: {}, status }
  },

  SelfSubjectReview({ user }, _review, { sim }) {
    return { metadata: { creationTimestamp: formatTime(sim.now()) }, status: { userInfo: userInfoOf(user) } }
  },

  TokenReview(_passage, { spec = {} }, { sim, context }) {
    if (!spec.token) throw badRequest('token is required for TokenReview in authentication')
    const asked = spec.audiences?.length ? spec.audiences : [issuer]
    const found = userOfToken(spec.token, sim.now(), context)
    if (typeof found === 'string') return { status: { user: {}, error: found } }
    const audiences = asked.filter((audience) => found.audiences.includes(audience))
    if (audiences.length === 0) {
      const list = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(' ')}]`
      return {
        status: {
          user: {},
          error: `[invalid bearer token, token audiences ${list(found.audiences)} is invalid for the target audiences ${list(asked)}]`,
        },
      }
    }
    return { status: { authenticated: true, user: userInfoOf(found.user), audiences } }
  },
}

function statusOf(user: User, spec: Spec, { context }: Server): object {
  const { isAllowed, reason } = decide(attributesOf(user, spec), context)
  return { allowed: isAllowed, ...(reason !== '' && { reason }) }
}

function attributesOf(user: User, { resourceAttributes, nonResourceAttributes }: Spec): Attributes {
  if (resourceAttributes !== undefined) return about(user, resourceAttributes.verb ?? '', resourceAttributes)
  return aboutPath(user, nonResourceAttributes?.verb ?? '', nonResourceAttributes?.path ?? '')
}

const subjectOf = ({ user = '', groups = [], uid, extra }: Spec): User => ({
  name: user,
  groups,
  ...(uid && { uid }),
  ...(extra && { extra }),
})

function userInfoOf({ name, uid, groups, extra }: User): object {
  return { username: name, ...(uid && { uid }), ...(groups.length > 0 && { groups }), ...(extra && { extra }) }
}

// upstream: pkg/apis/authorization/validation/validation.go
function attributeErrors({ resourceAttributes, nonResourceAttributes }: Spec): FieldError[] {
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined)
    return [
      invalidValue(
        'spec.nonResourceAttributes',
        nonResourceAttributes,
        'cannot be specified in combination with resourceAttributes',
      ),
    ]
  if (resourceAttributes === undefined && nonResourceAttributes === undefined)
    return [
      invalidValue(
        'spec.resourceAttributes',
        null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ]
  return []
}

function subjectErrors({ user, groups = [] }: Spec): FieldError[] {
  if (user || groups.length > 0) return []
  return [invalidValue('spec.user', '', 'at least one of user or group must be specified')]
}

function refuse({ kind }: Passage, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(kind.group, kind.kind, '', errors)
}
