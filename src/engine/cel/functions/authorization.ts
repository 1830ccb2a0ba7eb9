import { opaqueOf, type Tagged, type Value } from '../values.ts'
import type { Functions } from './define.ts'

/** What is asked of the authorizer; `decide` is the server's. */
export interface Question {
  readonly path?: string
  readonly group?: string
  readonly resource?: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  readonly verb?: string
  readonly decide: (question: Question) => { readonly allowed: boolean; readonly reason: string }
}

const authorizer = 'kubernetes.authorization.Authorizer'

/** The authorizer as expressions know it. */
export function authorizerOf(decide: Question['decide']): Value {
  return opaqueOf(authorizer, { decide } satisfies Question)
}

const more = (name: string, { of }: Tagged, part: Partial<Question>): Value =>
  opaqueOf(`kubernetes.authorization.${name}`, { ...(of as Question), ...part })
const decision = ({ of }: Tagged): ReturnType<Question['decide']> => (of as Question).decide(of as Question)

// upstream: staging/src/k8s.io/apiserver/pkg/cel/library/authz.go
const A = authorizer
const P = 'kubernetes.authorization.PathCheck'
const G = 'kubernetes.authorization.GroupCheck'
const R = 'kubernetes.authorization.ResourceCheck'
const D = 'kubernetes.authorization.Decision'

/** Asking the authorizer. */
export const authorization: Functions = {
  [`${A}.path(string) ${P}`]: (value: Tagged, path: string) => more('PathCheck', value, { path }),
  [`${A}.group(string) ${G}`]: (value: Tagged, group: string) => more('GroupCheck', value, { group }),
  [`${G}.resource(string) ${R}`]: (value: Tagged, resource: string) => more('ResourceCheck', value, { resource }),
  [`${R}.subresource(string) ${R}`]: (value: Tagged, subresource: string) =>
    more('ResourceCheck', value, { subresource }),
  [`${R}.namespace(string) ${R}`]: (value: Tagged, namespace: string) => more('ResourceCheck', value, { namespace }),
  [`${R}.name(string) ${R}`]: (value: Tagged, name: string) => more('ResourceCheck', value, { name }),
  [`${R}.check(string) ${D}`]: (value: Tagged, verb: string) => more('Decision', value, { verb }),
  [`${P}.check(string) ${D}`]: (value: Tagged, verb: string) => more('Decision', value, { verb }),
  [`${D}.allowed() bool`]: (value: Tagged) => decision(value).allowed,
  [`${D}.reason() string`]: (value: Tagged) => decision(value).reason,
  [`${D}.errored() bool`]: () => false,
  [`${D}.error() string`]: () => '',
}
