import { defineGenerator } from './generator.ts'

/** Create a namespace with the specified name. */
export const createNamespace = defineGenerator({
  name: 'namespace',
  aliases: ['ns'],
  usage: 'create namespace NAME [--dry-run=server|client|none]',
  summary: 'Create a namespace with the specified name',
  makes: { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false },
  make: (_, name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {}, status: {} }),
})
