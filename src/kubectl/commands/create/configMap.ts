import { appendHash } from './appendHash.ts'
import { defineGenerator } from './generator.ts'
import { readSources, sourceFlags } from './sources.ts'

/** Create a config map from a local file, directory or literal value. */
export const createConfigMap = defineGenerator({
  name: 'configmap',
  aliases: ['cm'],
  usage: 'create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  summary: 'Create a config map from a local file, directory or literal value',
  examples: ['kubectl create configmap conf --from-literal=mode=prod --from-file=app.properties'],
  makes: { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true },
  failure: 'failed to create configmap:',
  flags: sourceFlags,
  make({ flags, io }, name) {
    const data = readSources(flags, io, {
      name,
      taken: (key) =>
        `cannot add key "${key}", another key by that name already exists in Data for ConfigMap "${name}"`,
      badKey: (key, reason) => `${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${reason}`,
    })
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      ...(Object.keys(data).length > 0 && { data }),
    }
    return flags['append-hash'] ? appendHash(object, { data, kind: 'ConfigMap', name }) : object
  },
})
