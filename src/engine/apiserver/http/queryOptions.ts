import {
  badRequest,
  invalid,
  invalidValue,
  quote,
  unsupported,
  type RequestOptions,
  type Verb,
} from '../../api/index.ts'
import { decode, decodeFailure } from '../../api/schema/decode.ts'

const texts = [
  'fieldManager',
  'fieldValidation',
  'labelSelector',
  'fieldSelector',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'propagationPolicy',
] as const
const numbers = ['limit', 'timeoutSeconds', 'gracePeriodSeconds'] as const
const switches = ['force', 'allowWatchBookmarks', 'sendInitialEvents'] as const

/** What a query says of a delete only where there is no body, which says it otherwise. */
const ofDeletes: ReadonlySet<string> = new Set([
  'propagationPolicy',
  'gracePeriodSeconds',
  'orphanDependents',
  'dryRun',
  'uid',
])

/** The options that a query says, and, for a delete, its body in their place. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/delete.go
export function requestOptionsOf(query: ReadonlyMap<string, string>, verb: Verb, body: unknown): RequestOptions {
  if (verb !== 'delete' && verb !== 'deletecollection') return optionsOf(query, verb)
  const said = query.size === 0 ? query : new Map([...query].filter(([name]) => name !== 'fieldValidation'))
  if (body === undefined) return { ...optionsOf(said, verb), ...ofQuery(query) }
  return { ...optionsOf(new Map([...said].filter(([name]) => !ofDeletes.has(name))), verb), ...deleteOptionsOf(body) }
}

/** What only a delete takes from a query. */
function ofQuery(query: ReadonlyMap<string, string>): RequestOptions {
  const [orphans, uid] = [query.get('orphanDependents'), query.get('uid')]
  return {
    ...(orphans && { propagationPolicy: ['true', '1'].includes(orphans) ? 'Orphan' : 'Background' }),
    ...(uid && { preconditions: { uid } }),
  } as RequestOptions
}

/** The options that a query says. */
function optionsOf(query: ReadonlyMap<string, string>, verb: Verb): RequestOptions {
  const options: Record<string, unknown> = {}
  if (query.size === 0) return options
  for (const name of texts) if (query.get(name)) options[name] = query.get(name)
  for (const name of numbers) if (query.get(name)) options[name] = wholeNumber(query.get(name)!)
  for (const name of switches) if (query.has(name)) options[name] = ['true', '1', ''].includes(query.get(name)!)
  if (query.get('dryRun')) options['dryRun'] = isDryRun([query.get('dryRun')!], verb)
  return options
}

function wholeNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`)
  return Number(text)
}

const optionKinds: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
}

function isDryRun(values: readonly string[], verb: Verb): boolean {
  if (values.some((value) => value !== 'All'))
    throw invalid('meta.k8s.io', optionKinds[verb] ?? 'DeleteOptions', '', [unsupported('dryRun', values, ['All'])])
  return values.length > 0
}

/** The options that the body of a delete says. */
function deleteOptionsOf(body: unknown): RequestOptions {
  if (typeof body === 'object' && body !== null) {
    const { error } = decode('DeleteOptions', body)
    if (error !== undefined) throw badRequest(decodeFailure('DeleteOptions', 'v1', error))
  }
  const { gracePeriodSeconds, propagationPolicy, preconditions, orphanDependents, dryRun } = (body ??
    {}) as RequestOptions & {
    orphanDependents?: boolean
    dryRun?: readonly string[]
  }
  if (orphanDependents !== undefined && propagationPolicy !== undefined)
    throw invalid('meta.k8s.io', 'DeleteOptions', '', [
      invalidValue(
        'propagationPolicy',
        propagationPolicy,
        'orphanDependents and deletionPropagation cannot be both set',
      ),
    ])
  const policy =
    propagationPolicy ?? (orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background')
  return {
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(policy !== undefined && { propagationPolicy: policy }),
    ...(preconditions !== undefined && { preconditions }),
    ...(Array.isArray(dryRun) && { dryRun: isDryRun(dryRun as readonly string[], 'delete') }),
  }
}
