import type { ConfigMap } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** Keeps settings apart from the images that read them. */
export const configMap = defineKind<ConfigMap>({
  group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'], namespaced: true,
})
