import { asMap, kindOf, mapAt, mapsIn, nameOf, textOf, type Draft, type Resource } from './resource.ts'

/** Maps under these keys name an object of a kind by `field`. */
const named: Readonly<Record<string, readonly [kind: string, field: string]>> = {
  configMapKeyRef: ['ConfigMap', 'name'],
  configMapRef: ['ConfigMap', 'name'],
  configMap: ['ConfigMap', 'name'],
  secretKeyRef: ['Secret', 'name'],
  secretRef: ['Secret', 'name'],
  secret: ['Secret', 'name'],
  persistentVolumeClaim: ['PersistentVolumeClaim', 'claimName'],
  service: ['Service', 'name'],
}

/** Texts under these keys are names of objects. */
const plain: Readonly<Record<string, string>> = {
  secretName: 'Secret',
  serviceAccountName: 'ServiceAccount',
  serviceName: 'Service',
  priorityClassName: 'PriorityClass',
  storageClassName: 'StorageClass',
  ingressClassName: 'IngressClass',
  volumeName: 'PersistentVolume',
}

/** Maps (or lists of them) under these keys say the kind themselves. */
const selfNamed: readonly string[] = ['roleRef', 'scaleTargetRef', 'subjects']

/** Makes every reference follow the object it means to the name that it has now. */
export function followReferences(resources: readonly Resource[]): void {
  for (const resource of resources) follow(resource.object, resource, resources)
}

function follow(draft: Draft, from: Resource, resources: readonly Resource[]): void {
  for (const key of Object.keys(draft)) {
    const value = draft[key]
    if (key === 'metadata') continue
    const [kind, field] = Object.hasOwn(named, key) ? named[key]! : []
    const map = asMap(value)
    if (kind !== undefined && map !== undefined) put(map, field!, kind, from, resources)
    if (Object.hasOwn(plain, key) && typeof value === 'string') put(draft, key, plain[key]!, from, resources)
    if (selfNamed.includes(key))
      for (const one of map === undefined ? mapsIn(value) : [map])
        put(one, 'name', textOf(one['kind']), from, resources)
    if (key === 'imagePullSecrets') for (const one of mapsIn(value)) put(one, 'name', 'Secret', from, resources)
    if (map !== undefined) follow(map, from, resources)
    else for (const one of mapsIn(value)) follow(one, from, resources)
  }
}

function put(draft: Draft, field: string, kind: string, from: Resource, resources: readonly Resource[]): void {
  const name = textOf(draft[field])
  if (name === '') return
  const candidates = resources.filter((one) => kindOf(one) === kind && one.names.includes(name))
  const place = textOf(draft['namespace']) || placeOf(from)
  const found = candidates.find((one) => placeOf(one) === place) ?? candidates[0]
  if (found !== undefined) draft[field] = nameOf(found)
}

const placeOf = ({ object }: Resource): string => textOf(mapAt(object, 'metadata')['namespace'])
