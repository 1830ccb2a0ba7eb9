import type { Passage, Server } from '../passage.ts'
import { refusal, type Attributes } from './attributes.ts'
import { decide, isMaster } from './authorizer.ts'
import { attributesOf } from './requestAttributes.ts'

export { answerReview } from './reviews.ts'
export { checkEscalation } from './escalation.ts'
export { isPolicyKind } from './rbac.ts'
export { storePolicy } from './policy/index.ts'

type Asker = Pick<Server, 'context'>

/** Lets a request pass or throws its 403. Members of system:masters cost one look at their groups. */
export function authorize(passage: Passage, { context }: Asker): void {
  if (isMaster(passage.user)) return
  demand(attributesOf(passage, passage.user), context)
}

/** An update or patch that makes a new object needs the right to create it, too. */
export function authorizeCreate(passage: Passage, { context }: Asker): void {
  if (!isMaster(passage.user)) demand({ ...attributesOf(passage, passage.user), verb: 'create' }, context)
}

/** Throws the 403 unless somebody may do it. */
export function demand(attributes: Attributes, context: Asker['context']): void {
  const { isAllowed, reason } = decide(attributes, context)
  if (!isAllowed) throw refusal(attributes, reason)
}
