import { apiVersionOf, type Cluster } from '../cluster.ts'
import type { Io } from '../context.ts'
import type { Reading } from '../manifests/documents.ts'
import { buildKustomization } from './build.ts'
import type { Reader } from './resource.ts'

/** The documents of a kustomization, as `-k` builds them. */
export function readKustomization(path: string, cluster: Cluster, io: Io): Reading {
  const objects = buildKustomization(path, readerOf(cluster, io))
  return { documents: objects.map((value) => ({ source: path, value })) }
}

/** How a kustomization reads this terminal's folders, and knows the cluster's kinds. */
export function readerOf({ api }: Cluster, { readFile, listFiles }: Io): Reader {
  const isNamespaced = (apiVersion: string, kind: string): boolean =>
    api.kinds().find((one) => one.kind === kind && apiVersionOf(one) === apiVersion)?.namespaced ?? true
  return { readFile, listFiles, isNamespaced }
}
