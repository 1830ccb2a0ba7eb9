import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { recordingsOf } from '../golden/api/recordings.ts'
import { isServed, type Thing } from '../golden/api/server.ts'

/** Manifests that a real server took: the inputs of the recordings of defaults. */
export function recordedManifests(): readonly Thing[] {
  return [...recordingsOf('defaults')]
    .filter(([file]) => file !== 'given-always')
    .flatMap(([, list]) => list)
    .flatMap((one) => [one['input'], ...((one['given'] as readonly unknown[] | undefined) ?? [])])
    .filter((object) => object !== undefined)
    .map((object) => object as Thing)
    .filter(({ kind }) => isServed(kind))
}

const corpus = fileURLToPath(new URL('../../../shared/corpus/docs-examples/', import.meta.url))

/** The documentation's manifests, where they stand beside the repository. */
export function corpusManifests(): readonly Thing[] {
  if (!existsSync(corpus)) return []
  return filesBelow(corpus)
    .flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: false }))
    .map((document) =>
      'errors' in document && document.errors.length === 0 ? (document.toJS() as Thing | null) : null,
    )
    .filter((object) => object !== null)
    .filter((object) => typeof object.kind === 'string' && isServed(object.kind) && object.metadata !== undefined)
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = `${folder}/${name}`
    if (statSync(path).isDirectory()) return filesBelow(path)
    return /\.ya?ml$/.test(name) ? [path] : []
  })
}
