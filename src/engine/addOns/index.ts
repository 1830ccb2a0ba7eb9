import type { AddOn } from './addOn.ts'
import { gatewayApi } from './gatewayApi/index.ts'
import { metricsServer } from './metricsServer/index.ts'

export type { AddOn } from './addOn.ts'

/** All add-ons that a cluster may be asked to come with, by name. */
export const addOns: readonly AddOn[] = Object.freeze([metricsServer, gatewayApi])

/** A cluster was asked for add-ons that do not exist. */
export class AddOnsError extends Error {
  override name = 'AddOnsError'
}

/** The named add-ons in the order of the list of all; a boolean names none. Throws an AddOnsError for a name that none has. */
export function addOnsNamed(names: boolean | readonly string[] | undefined): readonly AddOn[] {
  if (names === undefined || typeof names === 'boolean') return []
  const unknown = names.find((name) => !addOns.some((addOn) => addOn.name === name))
  if (unknown === undefined) return addOns.filter(({ name }) => names.includes(name))
  const known = addOns.map(({ name }) => JSON.stringify(name)).join(', ')
  throw new AddOnsError(`there is no add-on ${JSON.stringify(unknown)}; there are ${known}`)
}
