import type { Secret } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** Keeps what only its readers should see. */
export const secret = defineKind<Secret>({
  group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true,
})
