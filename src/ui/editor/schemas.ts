import type { DocumentKind } from './kinds.ts'

/** A JSON Schema as plain data. */
export type Schema = Readonly<Record<string, unknown>>

/** Finds the schema of a kind; undefined for one that is not known. */
export type SchemaFinder = (kind: DocumentKind) => Promise<Schema | undefined>

/** Looks first among the built-in kinds, with their texts, then asks the cluster, which knows the custom ones. */
export function createSchemaFinder(
  ask: (apiVersion: string, kind: string) => Promise<unknown>,
  builtIn: SchemaFinder = lazyBuiltIn,
): SchemaFinder {
  const known = new Map<string, Schema>()
  return async (wanted) => {
    const { apiVersion, kind } = wanted
    if (!apiVersion || !kind) return undefined
    const id = `${apiVersion} ${kind}`
    const found = known.get(id) ?? (await builtIn(wanted))
    if (found) {
      known.set(id, found)
      return found
    }
    const custom = await ask(apiVersion, kind)
    return isSchema(custom) ? custom : undefined
  }
}

async function lazyBuiltIn(wanted: DocumentKind): Promise<Schema | undefined> {
  const { builtInSchema } = await import('./builtInKinds.ts')
  return builtInSchema(wanted)
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && ('properties' in value || '$ref' in value)
}

/**
 * One schema for a text of several documents, each checked by its own kind alone: messages stay precise, and nothing
 * has to choose among seventy kinds. Types of the same name are the same, so their definitions are shared.
 */
export async function schemaOfText(kinds: readonly DocumentKind[], find: SchemaFinder): Promise<Schema> {
  const found = await Promise.all(kinds.map((kind) => find(kind)))
  const definitions = Object.assign({}, ...found.map((schema) => schema?.definitions ?? {})) as Schema
  const schemaSequence = found.map((schema, index) => {
    if (!schema) return startingSchema(kinds[index])
    const { definitions: _, $schema: __, ...own } = schema
    return own
  })
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    // Completion knows nothing of the sequence: it takes the branch of the document's kind.
    ...startingSchema(undefined),
    allOf: branches(kinds, found, schemaSequence),
    schemaSequence,
    definitions,
  }
}

function branches(
  kinds: readonly DocumentKind[],
  found: readonly (Schema | undefined)[],
  sequence: readonly Schema[],
): readonly Schema[] {
  const known = new Map<string, Schema>()
  for (const [index, { apiVersion, kind }] of kinds.entries()) {
    const own = sequence[index]
    if (!found[index] || !own) continue
    const properties = { apiVersion: { const: apiVersion }, kind: { const: kind } }
    known.set(`${apiVersion} ${kind}`, { if: { properties, required: ['apiVersion', 'kind'] }, then: own })
  }
  return [...known.values()]
}

/** The kinds that are offered where a document does not say yet what it is. */
export const offeredKinds: readonly DocumentKind[] = [
  [
    'v1',
    'Pod Service ConfigMap Secret Namespace PersistentVolumeClaim PersistentVolume ServiceAccount ResourceQuota LimitRange',
  ],
  ['apps/v1', 'Deployment StatefulSet DaemonSet ReplicaSet'],
  ['batch/v1', 'Job CronJob'],
  ['networking.k8s.io/v1', 'Ingress NetworkPolicy IngressClass'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['rbac.authorization.k8s.io/v1', 'Role RoleBinding ClusterRole ClusterRoleBinding'],
  ['scheduling.k8s.io/v1', 'PriorityClass'],
  ['storage.k8s.io/v1', 'StorageClass'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
].flatMap(([apiVersion = '', names = '']) => names.split(' ').map((kind) => ({ apiVersion, kind })))

/** Before a document says what it is: only the two fields that say it. */
function startingSchema(given: DocumentKind | undefined): Schema {
  const fitting = offeredKinds.filter(({ apiVersion, kind }) =>
    given?.kind ? kind === given.kind : !given?.apiVersion || apiVersion === given.apiVersion,
  )
  const offered = fitting.length > 0 ? fitting : offeredKinds
  const unique = (values: readonly string[]) => [...new Set(values)]
  return {
    type: 'object',
    properties: {
      apiVersion: {
        type: 'string',
        description: 'The version of the API that this object is written for.',
        defaultSnippets: unique(offered.map(({ apiVersion }) => apiVersion)).map((label) => ({ label, body: label })),
      },
      kind: {
        type: 'string',
        description: 'What kind of object this is.',
        defaultSnippets: unique(offered.map(({ kind }) => kind)).map((label) => ({ label, body: label })),
      },
    },
  }
}
