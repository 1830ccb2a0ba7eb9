import { newEvent } from './event.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const eventsKinds = [newEvent] as const
