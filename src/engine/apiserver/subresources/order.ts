import { badRequest } from '../../api/index.ts'
import { decode, decodeFailure } from '../../api/schema/decode.ts'
import { typeOf } from '../../api/schema/schema.ts'
import type { Passage } from '../passage.ts'

/** The kind of object that an order is given by. */
interface OrderKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** Reads what a POST to a subresource sent, as strictly as Go; a component's own is taken as it comes. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go
export function readOrder<Order>({ request, isTrusted }: Passage, { group, version, kind }: OrderKind): Order {
  const body = request.body ?? {}
  if (isTrusted) return body as Order
  if (typeof body !== 'object' || Array.isArray(body))
    throw badRequest(`the object provided is unrecognized (must be of type ${kind})`)
  const { object, error } = decode(typeOf(group, version, kind)!, body)
  if (error !== undefined) throw badRequest(decodeFailure(kind, version, error))
  return object as Order
}

/** An order names the object that it is sent to. */
export function checkOrderName(passage: Passage, kind: string, name: string | undefined): void {
  if (!passage.isTrusted && (name ?? '') !== passage.name)
    throw badRequest(`name in URL does not match name in ${kind} object`)
}
