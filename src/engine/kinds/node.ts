import type { Node } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** A machine of the cluster. */
export const node = defineKind<Node>({
  group: '', version: 'v1', kind: 'Node', plural: 'nodes', shortNames: ['no'], namespaced: false, subresources: ['proxy', 'status'],
})
