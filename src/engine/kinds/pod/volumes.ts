import {
  duplicate,
  each,
  invalidValue,
  isLabel,
  isSubdomain,
  notAllowed,
  parseQuantity,
  required,
  unsupported,
  type FieldError,
} from '../../api/index.ts'
import { fieldErrors, resourceFieldErrors } from './env.ts'
import { descendingPathErrors, noBacksteps } from './mounts.ts'
import type { Volume } from './types.ts'

// upstream: pkg/apis/core/validation/validation.go ValidateVolumes

/** The sources in the order upstream looks for them. */
const sources = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
] as const satisfies readonly (keyof Volume)[]

type Source = (typeof sources)[number]

const noVolumes: ReadonlyMap<string, Volume> = new Map()

/** Complains about volumes, and returns the good ones by name: only those can be mounted. */
export function volumeErrors(
  errors: FieldError[],
  path: string,
  volumes: readonly Volume[] | undefined,
): ReadonlyMap<string, Volume> {
  if (volumes === undefined) return noVolumes
  const known = new Map<string, Volume>()
  for (let index = 0; index < volumes.length; index++) {
    const volume = volumes[index]!
    const { name } = volume
    const at = `${path}[${index}]`
    const before = errors.length
    sourceErrors(errors, at, volume)
    if (!name) errors.push(required(`${at}.name`))
    else errors.push(...each(`${at}.name`, name, isLabel(name)))
    if (known.has(name)) errors.push(duplicate(`${at}.name`, name))
    if (errors.length === before) known.set(name, volume)
  }
  return known
}

function sourceErrors(errors: FieldError[], path: string, volume: Volume): void {
  let count = 0
  for (const key in volume) if (key !== 'name') count++
  if (count === 1) {
    for (const key in volume) if (key !== 'name') rules[key as Source]?.(errors, `${path}.${key}`, volume)
    return
  }
  let first = true
  for (const source of sources) {
    if (volume[source] === undefined) continue
    if (first) rules[source]?.(errors, `${path}.${source}`, volume)
    else errors.push(notAllowed(`${path}.${source}`, 'may not specify more than 1 volume type'))
    first = false
  }
  if (first) errors.push(required(path, 'must specify a volume type'))
}

type Rule = (errors: FieldError[], path: string, volume: Volume) => void

const rules: Readonly<Partial<Record<Source, Rule>>> = {
  emptyDir(errors, path, { emptyDir }) {
    if (emptyDir!.sizeLimit !== undefined && parseQuantity(emptyDir!.sizeLimit) < 0)
      errors.push(notAllowed(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'))
  },
  hostPath(errors, path, { hostPath }) {
    if (!hostPath!.path) return void errors.push(required(`${path}.path`))
    noBacksteps(errors, `${path}.path`, hostPath!.path)
    if (!hostPathTypes.includes(hostPath!.type ?? ''))
      errors.push(unsupported(`${path}.type`, hostPath!.type, hostPathTypes))
  },
  gitRepo(errors, path, { gitRepo }) {
    if (!gitRepo!.repository) errors.push(required(`${path}.repository`))
  },
  secret(errors, path, { secret }) {
    if (!secret!.secretName) errors.push(required(`${path}.secretName`))
    modeErrors(errors, `${path}.defaultMode`, secret!.defaultMode)
    itemErrors(errors, `${path}.items`, secret!.items)
  },
  configMap(errors, path, { configMap }) {
    if (!configMap!.name) errors.push(required(`${path}.name`))
    modeErrors(errors, `${path}.defaultMode`, configMap!.defaultMode)
    itemErrors(errors, `${path}.items`, configMap!.items)
  },
  downwardAPI(errors, path, { downwardAPI }) {
    modeErrors(errors, `${path}.defaultMode`, downwardAPI!.defaultMode)
    for (const file of downwardAPI!.items ?? []) fileErrors(errors, path, file)
  },
  persistentVolumeClaim(errors, path, { persistentVolumeClaim }) {
    if (!persistentVolumeClaim!.claimName) errors.push(required(`${path}.claimName`))
  },
  projected(errors, path, { projected }) {
    modeErrors(errors, `${path}.defaultMode`, projected!.defaultMode)
    projectedErrors(errors, path, projected!)
  },
  nfs(errors, path, { nfs }) {
    if (!nfs!.server) errors.push(required(`${path}.server`))
    if (!nfs!.path) errors.push(required(`${path}.path`))
    else if (!nfs!.path.startsWith('/'))
      errors.push(invalidValue(`${path}.path`, nfs!.path, 'must be an absolute path'))
  },
  csi(errors, path, { csi }) {
    if (!csi!.driver) errors.push(required(`${path}.driver`))
    else if (csi!.driver.length > 63)
      errors.push({ type: 'FieldValueTooLong', field: `${path}.driver`, detail: 'may not be more than 63 bytes' })
    else errors.push(...each(`${path}.driver`, csi!.driver.toLowerCase(), isSubdomain(csi!.driver.toLowerCase())))
  },
  ephemeral(errors, path, { ephemeral }) {
    const template = ephemeral!.volumeClaimTemplate
    if (template === undefined) return void errors.push(required(`${path}.volumeClaimTemplate`))
    const at = `${path}.volumeClaimTemplate.spec`
    if (!template.spec.accessModes?.length)
      errors.push(required(`${at}.accessModes`, 'at least 1 access mode is required'))
    if (template.spec.resources?.requests?.['storage'] === undefined) errors.push(required(`${at}.resources[storage]`))
  },
  image(errors, path, { image }) {
    if (!image!.reference) errors.push(required(`${path}.reference`))
    if (!pullPolicies.includes(image!.pullPolicy ?? ''))
      errors.push(unsupported(`${path}.pullPolicy`, image!.pullPolicy, pullPolicies))
  },
  awsElasticBlockStore(errors, path, { awsElasticBlockStore }) {
    if (!awsElasticBlockStore!.volumeID) errors.push(required(`${path}.volumeID`))
  },
  gcePersistentDisk(errors, path, { gcePersistentDisk }) {
    if (!gcePersistentDisk!.pdName) errors.push(required(`${path}.pdName`))
  },
  iscsi(errors, path, { iscsi }) {
    if (!iscsi!.targetPortal) errors.push(required(`${path}.targetPortal`))
    if (!iscsi!.iqn) errors.push(required(`${path}.iqn`))
  },
  rbd(errors, path, { rbd }) {
    if (!rbd!.monitors?.length) errors.push(required(`${path}.monitors`))
    if (!rbd!.image) errors.push(required(`${path}.image`))
  },
  cephfs(errors, path, { cephfs }) {
    if (!cephfs!.monitors?.length) errors.push(required(`${path}.monitors`))
  },
}

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]
const pullPolicies = ['Always', 'IfNotPresent', 'Never']

function modeErrors(errors: FieldError[], path: string, mode: number | undefined): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777))
    errors.push(invalidValue(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive'))
}

interface Item {
  readonly key: string
  readonly path: string
  readonly mode?: number
}

function itemErrors(errors: FieldError[], path: string, items: readonly Item[] | undefined): void {
  items?.forEach((item, index) => {
    const at = `${path}[${index}]`
    if (!item.key) errors.push(required(`${at}.key`))
    if (!item.path) errors.push(required(`${at}.path`))
    ownPathErrors(errors, `${at}.path`, item.path ?? '')
    modeErrors(errors, `${at}.mode`, item.mode)
  })
}

/** A relative path that does not collide with the names under which Kubernetes keeps versions: those begin with two dots. */
function ownPathErrors(errors: FieldError[], path: string, text: string): void {
  descendingPathErrors(errors, path, text)
  if (text.startsWith('..') && !text.startsWith('../') && text !== '..')
    errors.push(invalidValue(path, text, "must not start with '..'"))
}

const volumeFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid']

type File = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number]

function fileErrors(errors: FieldError[], path: string, file: File): void {
  if (!file.path) errors.push(required(`${path}.path`))
  ownPathErrors(errors, `${path}.path`, file.path ?? '')
  if (file.fieldRef) {
    fieldErrors(errors, `${path}.fieldRef`, file.fieldRef, volumeFields)
    if (file.resourceFieldRef)
      errors.push(invalidValue(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
  } else if (file.resourceFieldRef) resourceFieldErrors(errors, `${path}.resourceFieldRef`, file.resourceFieldRef, true)
  else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  modeErrors(errors, `${path}.mode`, file.mode)
}

function projectedErrors(errors: FieldError[], path: string, projected: NonNullable<Volume['projected']>): void {
  projected.sources?.forEach((source, index) => {
    const at = `${path}.sources[${index}]`
    let count = 0
    const isFirst = (field: string): boolean => {
      if (count++ === 0) return true
      errors.push(notAllowed(`${at}.${field}`, 'may not specify more than 1 volume type per source'))
      return false
    }
    const { secret, configMap, downwardAPI, serviceAccountToken } = source
    if (secret && isFirst('secret')) {
      if (!secret.name) errors.push(required(`${at}.secret.name`))
      itemErrors(errors, `${at}.secret.items`, secret.items)
    }
    if (configMap && isFirst('configMap')) {
      if (!configMap.name) errors.push(required(`${at}.configMap.name`))
      itemErrors(errors, `${at}.configMap.items`, configMap.items)
    }
    if (downwardAPI && isFirst('downwardAPI'))
      for (const file of downwardAPI.items ?? []) fileErrors(errors, `${at}.downwardAPI`, file)
    if (serviceAccountToken && isFirst('serviceAccountToken'))
      tokenErrors(errors, `${at}.serviceAccountToken`, serviceAccountToken)
  })
}

interface Token {
  readonly expirationSeconds?: number
  readonly path: string
}

function tokenErrors(errors: FieldError[], path: string, { expirationSeconds: seconds, path: file }: Token): void {
  if (seconds !== undefined && seconds < 600)
    errors.push(invalidValue(`${path}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'))
  if (seconds !== undefined && seconds > 2 ** 32)
    errors.push(
      invalidValue(`${path}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds'),
    )
  if (!file) errors.push(required(`${path}.path`))
  else descendingPathErrors(errors, `${path}.path`, file)
}
