import { internalError, invalid, invalidValue, type Draft, type KubeObject } from '../../api/index.ts'
import type { CustomForm } from '../../kinds/defineKind.ts'
import { readScale } from '../subresources/scale.ts'
import { defineSubresource, type Subresource } from '../subresources/subresource.ts'
import { valueAt, withValueAt } from './jsonPath.ts'

type Paths = NonNullable<CustomForm['scale']>

// A memo by the paths, which are frozen.
const known = new WeakMap<Paths, Subresource>()

/** The number of copies of a custom resource, wherever its definition says it stands. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/etcd.go ScaleREST
export function customScale(paths: Paths): Subresource {
  let scale = known.get(paths)
  if (scale === undefined) known.set(paths, (scale = makeScale(paths)))
  return scale
}

interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number }
}

function makeScale(paths: Paths): Subresource {
  return defineSubresource({
    name: 'scale',
    read: (object) => scaleOf(object, paths),
    decode: readScale,
    merge(sent, old) {
      const replicas = (sent as Draft<Scale>).spec?.replicas ?? 0
      if (replicas < 0)
        throw invalid('autoscaling', 'Scale', old.metadata.name, [
          invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
        ])
      return withValueAt(paths.spec, { ...old, metadata: { ...old.metadata } }, replicas) as Draft<KubeObject>
    },
  })
}

function scaleOf(object: KubeObject, { spec, status, selector }: Paths): unknown {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = valueAt(spec, object)
  if (typeof replicas !== 'number')
    throw internalError(`the spec replicas field ${JSON.stringify(spec)} does not exist`)
  const text = selector === undefined ? undefined : valueAt(selector, object)
  const current = valueAt(status, object)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: typeof current === 'number' ? current : 0,
      ...(typeof text === 'string' && text !== '' && { selector: text }),
    },
  }
}
