import {
  badRequest,
  copyOf,
  formatLabels,
  formatSelector,
  invalid,
  invalidValue,
  type Draft,
  type KubeObject,
  type LabelSelector,
} from '../../api/index.ts'
import { decode, decodeFailure } from '../../api/schema/decode.ts'
import { checkFields } from '../decode.ts'
import type { Passage } from '../passage.ts'
import { defineSubresource } from './subresource.ts'

interface Scaled extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly selector?: LabelSelector | Readonly<Record<string, string>> }
  readonly status?: { readonly replicas?: number }
}

interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number }
}

/** The number of copies alone, the same for every kind that has one: what `kubectl scale` and autoscalers speak to. */
// upstream: pkg/registry/apps/deployment/storage/storage.go ScaleREST
export const scale = defineSubresource({
  name: 'scale',
  read: (object) => scaleOf(object as Scaled),
  decode: readScale,
  merge(sent, old) {
    const replicas = (sent as Draft<Scale>).spec?.replicas ?? 0
    if (replicas < 0)
      throw invalid('autoscaling', 'Scale', old.metadata.name, [
        invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
      ])
    const { spec } = old as Scaled
    return { ...old, metadata: { ...old.metadata }, spec: { ...spec, replicas } } as Draft<KubeObject>
  },
})

/** Reads a Scale that is sent to a door of that name. */
export function readScale(passage: Passage): Draft<KubeObject> {
  const { request, name, kind, namespace } = passage
  const body = request.body
  if (typeof body !== 'object' || body === null)
    throw badRequest('the object provided is unrecognized (must be of type Scale)')
  checkScaleType(body)
  const { object, unknown, error } = decode('Scale', body)
  if (error !== undefined) throw badRequest(decodeFailure('Scale', 'v1', error))
  if (request.verb === 'update') checkFields(passage, 'Scale', 'v1', unknown)
  const draft = copyOf(object) as Draft<Scale>
  draft.metadata ??= {} as Draft<Scale>['metadata']
  draft.metadata.name ||= name
  if (draft.metadata.name !== name)
    throw badRequest(`the name of the object (${draft.metadata.name}) does not match the name on the URL (${name})`)
  if (draft.metadata.namespace && draft.metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  draft.kind ??= kind.kind
  return draft as Draft<KubeObject>
}

function checkScaleType({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): void {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return // the decoder has words for that
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  if (kind && apiVersion && (kind !== 'Scale' || !apiVersion.startsWith('autoscaling/')))
    throw badRequest(
      `${kind} in version ${JSON.stringify(version)} cannot be handled as a Scale: converting (${version}.${kind}) to (autoscaling.Scale): unknown conversion`,
    )
}

function scaleOf({ metadata, spec, status }: Scaled): unknown {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  const { replicas = 0, selector } = spec
  const isPlain = selector !== undefined && !('matchLabels' in selector) && !('matchExpressions' in selector)
  const text = isPlain
    ? formatLabels(selector as Readonly<Record<string, string>>)
    : formatSelector(selector as LabelSelector | undefined)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: status?.replicas ?? 0, ...(text !== '' && { selector: text }) },
  }
}
