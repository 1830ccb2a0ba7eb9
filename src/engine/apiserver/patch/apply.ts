import {
  badRequest,
  conflict,
  copyOf,
  formatTime,
  jsonError,
  statusError,
  type Draft,
  type KubeObject,
} from '../../api/index.ts'
import { decode } from '../../api/schema/decode.ts'
import { typeOf } from '../../api/schema/schema.ts'
import { apiVersionOf, type Kind } from '../../kinds/defineKind.ts'
import { decodeBody } from '../decode.ts'
import { apply, type Applied } from '../managedFields/apply.ts'
import { isMap } from '../managedFields/element.ts'
import type { ManagedEntry, Manager } from '../managedFields/entry.ts'
import { allowedByLastApplied, withLastApplied } from '../managedFields/lastApplied.ts'
import { managerOf } from '../managedFields/managedFields.ts'
import { afterUpdate, settled } from '../managedFields/notes.ts'
import { resetFields } from '../managedFields/resetFields.ts'
import { inScale, toParent } from '../managedFields/scaleFields.ts'
import { typeError } from '../managedFields/typed.ts'
import { typedByName, typedOf, type TypedKind } from '../managedFields/typedObject.ts'
import { resourceOf, type Passage, type Server } from '../passage.ts'

type Config = Readonly<Record<string, unknown>> & { readonly metadata?: Readonly<Record<string, unknown>> }

/** The object that a server-side apply makes of the stored one, or of nothing, as a private copy; `passage.fields` says who owns it. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/{fieldmanager,versioncheck,structuredmerge}.go
export function decodeApply(passage: Passage, server: Server): Draft<KubeObject> {
  const config = parsed(passage.request.body)
  checkConfig(passage, config)
  return passage.subresource === 'scale' ? applyScale(passage, config, server) : applyObject(passage, config, server)
}

function parsed(body: unknown): Config {
  const value = typeof body === 'string' ? parse(body) : (body ?? {})
  if (isMap(value)) return value
  const word = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  throw badRequest(
    `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${word} into Go value of type map[string]interface {}`,
  )
}

// differs: YAML is read at the doors; here a text is JSON
function parse(text: string): unknown {
  if (text === '') return {}
  const error = jsonError(text)
  if (error !== undefined) throw badRequest(`error decoding YAML: ${error}`)
  return JSON.parse(text) as unknown
}

function checkConfig({ kind, subresource }: Passage, config: Config): void {
  const expected = subresource === 'scale' ? 'autoscaling/v1, Kind=Scale' : formatGvk(apiVersionOf(kind), kind.kind)
  const given = formatGvk(textIn(config['apiVersion']), textIn(config['kind']))
  if (given !== expected) throw badRequest(`invalid object type: ${given}`)
  if (
    isMap(config.metadata) &&
    config.metadata['managedFields'] !== undefined &&
    config.metadata['managedFields'] !== null
  )
    throw badRequest('metadata.managedFields must be nil')
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A kind as Go prints it: `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`. */
function formatGvk(apiVersion: string, kind: string): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`
}

function nameOf(config: Config): string {
  const { namespace, name } = config.metadata ?? {}
  return `${textIn(namespace)}/${textIn(name)}; ${formatGvk(textIn(config['apiVersion']), textIn(config['kind']))}`
}

const failed = (message: string) => statusError({ message, code: 500 })

interface Terms {
  readonly typed: TypedKind
  readonly live: object
  readonly entries: readonly ManagedEntry[]
  readonly manager: Manager
}

function carryOut(passage: Passage, config: Config, { typed, live, entries, manager }: Terms, server: Server): Applied {
  const error = typeError(typed.type, config)
  if (error !== undefined) throw failed(`failed to create typed patch object (${nameOf(config)}): ${error}`)
  const { kind, subresource, options } = passage
  return apply({
    type: typed.type,
    live,
    config,
    entries,
    manager,
    reset: resetFields(kind, subresource),
    isForced: options.force ?? false,
    ...(manager.manager === 'kubectl' && { allowed: () => allowedByLastApplied(typed.type, live, manager.apiVersion) }),
    time: formatTime(server.sim.now()),
  })
}

function applyObject(passage: Passage, config: Config, server: Server): Draft<KubeObject> {
  const { kind, old, door } = passage
  const typed = typedOf(kind)
  if (typed === undefined) throw failed(`no corresponding type for ${formatGvk(apiVersionOf(kind), kind.kind)}`)
  const live = old === undefined ? typed.empty : typed.written((door?.read?.(old) ?? old) as object)
  const entries = entriesBefore(passage, typed, live, server)
  const manager: Manager = { ...managerOf(passage), operation: 'Apply' }
  const applied = carryOut(passage, config, { typed, live, entries, manager }, server)
  passage.fields = settled(applied.entries)
  const object = (applied.object ?? live) as Config
  const body = manager.manager === 'kubectl' ? withLastApplied(object, config) : object
  if (body === live && old !== undefined) return copyOf(old) as Draft<KubeObject>
  checkConvertible(kind, object, config)
  const uid = old === undefined && isMap(object.metadata) ? textIn(object.metadata['uid']) : ''
  if (uid !== '')
    throw conflict(
      resourceOf(kind),
      passage.name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    )
  const named = { ...body, apiVersion: apiVersionOf(kind), kind: kind.kind }
  return decodeBody({ ...passage, request: { ...passage.request, body: named } })
}

/** Who applies first finds all that is there in the hands of one. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/skipnonapplied.go
function entriesBefore(passage: Passage, typed: TypedKind, live: object, server: Server): readonly ManagedEntry[] {
  const { kind, old, subresource } = passage
  const entries = old === undefined ? [] : server.fields.entriesOf(kind, old)
  if (entries.length > 0 || old === undefined) return entries
  const who: Manager = { ...managerOf(passage), manager: 'before-first-apply', operation: 'Update' }
  const time = formatTime(server.sim.now())
  return afterUpdate([], { kind, subresource, typed }, { from: undefined, to: live }, who, time)
}

/** What fits the schema may still be no object: `cpu: abc`. */
function checkConvertible(kind: Kind, object: Config, config: Config): void {
  const type = typeOf(kind.group, kind.version, kind.kind)
  const error = type === undefined ? undefined : decode(type, object).error
  if (error === undefined) return
  const gvk = formatGvk(apiVersionOf(kind), kind.kind)
  throw failed(
    `failed to convert new object (${nameOf(config)}) to proper version: unable to convert unstructured object to ${gvk}: ${converted(error)}`,
  )
}

/** Numbers come as floats here, and Go has words of its own for one that is no whole number. */
function converted(error: string): string {
  const match = /^json: cannot unmarshal number \S*\.\S* into Go .* of type (u?int\d+)$/.exec(error)
  return match === null ? error : `cannot convert float64 to ${match[1]}`
}

function applyScale(passage: Passage, config: Config, server: Server): Draft<KubeObject> {
  const { kind, old } = passage
  const door = passage.door!
  const typed = typedByName('Scale')
  const live = door.read!(old!) as object
  const entries = server.fields.entriesOf(kind, old!)
  const manager: Manager = { ...managerOf(passage), apiVersion: 'autoscaling/v1', operation: 'Apply' }
  const applied = carryOut(passage, config, { typed, live, entries: inScale(entries), manager }, server)
  passage.fields = settled(toParent(entries, applied.entries, apiVersionOf(kind)))
  return door.decode!({ ...passage, request: { ...passage.request, body: applied.object ?? live } })
}
