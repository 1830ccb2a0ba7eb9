import type { Event } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** What a component says happened to an object. */
export const event = defineKind<Event>({
  group: '', version: 'v1', kind: 'Event', plural: 'events', shortNames: ['ev'], namespaced: true,
})
