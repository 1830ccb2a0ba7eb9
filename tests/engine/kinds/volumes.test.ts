import { describe, expect, test } from 'vitest'
import { bareServer } from '../../golden/api/server.ts'
import { askerOf } from './asked.ts'

const volume = (rest: object) => ({
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...rest },
})
const claim = (rest: object) => ({
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...rest },
})

describe('PersistentVolume', () => {
  const { create, update, warnings } = askerOf('v1', 'PersistentVolume')
  const hostPath = { path: '/a' }
  const nodeAffinity = {
    required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }] },
  }

  test.each<[string, object, string]>([
    ['no source', {}, 'spec: Required value: must specify a volume type'],
    ['a local volume anywhere', { local: { path: '/a' } }, 'Local volume requires node affinity'],
    ['a local volume somewhere', { local: { path: '/a' }, nodeAffinity }, ''],
    ['a CSI volume without a handle', { csi: { driver: 'a.b' } }, 'spec.csi.volumeHandle: Required value'],
    ['a nameless driver', { csi: { volumeHandle: 'a' } }, 'spec.csi.driver: Required value'],
    ['NFS by a relative path', { nfs: { server: 'a', path: 'b' } }, 'must be an absolute path'],
    ['FC by both names', { fc: { targetWWNs: ['a'], wwids: ['b'], lun: 1 } }, 'can not be specified simultaneously'],
    [
      'a disk image',
      { iscsi: { targetPortal: 'a', iqn: 'b', lun: 0 } },
      'spec.iscsi.iqn: Invalid value: "b": must be valid format',
    ],
    [
      'recycling a whole machine',
      { hostPath: { path: '/' }, persistentVolumeReclaimPolicy: 'Recycle' },
      "may not be 'recycle' for a hostPath mount of '/'",
    ],
    ['attributes without a driver', { hostPath, volumeAttributesClassName: 'a' }, 'spec.csi: Required value'],
  ])('%s', (_, rest, words) =>
    words === '' ? expect(create(volume(rest))).toBe('') : expect(create(volume(rest))).toContain(words),
  )

  test('a later secret for growing is fine, another volume is not', () => {
    const csi = { driver: 'a.b', volumeHandle: 'c' }
    const controllerExpandSecretRef = { name: 'a', namespace: 'b' }
    expect(update(volume({ csi }), volume({ csi: { ...csi, controllerExpandSecretRef } }))).toBe('')
    expect(update(volume({ csi }), volume({ csi: { ...csi, volumeHandle: 'd' } }))).toContain(
      'spec.persistentvolumesource is immutable',
    )
  })

  test('node affinity may be set once', () => {
    expect(update(volume({ hostPath }), volume({ hostPath, nodeAffinity }))).toBe('')
    expect(update(volume({ hostPath, nodeAffinity }), volume({ hostPath }))).toContain('nodeAffinity: Invalid value')
  })

  test('warns of what is gone', () => {
    expect(warnings(volume({ rbd: { monitors: ['a'], image: 'b' } }))).toEqual([
      'spec.rbd: deprecated in v1.28, non-functional in v1.31+',
    ])
  })
})

describe('PersistentVolumeClaim', () => {
  const bare = bareServer()
  const { create, update, stored } = askerOf('v1', 'PersistentVolumeClaim', bare)
  const path = '/api/v1/namespaces/default/persistentvolumeclaims/data'
  const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'a' }

  test('keeps both names of its source alike, and drops what the older one does not know', () => {
    const spec = (rest: object) => stored(claim(rest))['spec'] as Record<string, unknown>
    expect(spec({ dataSource: snapshot })['dataSourceRef']).toEqual(snapshot)
    expect(spec({ dataSourceRef: snapshot })['dataSource']).toEqual(snapshot)
    const foreign = { apiGroup: 'example.com', kind: 'Any', name: 'a' }
    expect(spec({ dataSource: foreign })['dataSource']).toBeUndefined()
    expect(create(claim({ dataSource: snapshot, dataSourceRef: { ...snapshot, name: 'b' } }))).toContain(
      'must match dataSourceRef',
    )
  })

  test('a class may be named later, once', () => {
    expect(update(claim({}), claim({ storageClassName: 'a' }))).toBe('')
    expect(update(claim({ storageClassName: 'a' }), claim({}))).toContain('spec is immutable after creation')
  })

  test('a bound claim may grow, and shrink down to what it has', () => {
    const growing = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'growing' } }
    bare.create({ ...growing, provisioner: 'a.b/c', allowVolumeExpansion: true })
    const metadata = { name: 'data' }
    bare.create({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      ...claim({ storageClassName: 'growing' }),
    })
    const put = (size: string): string => {
      const object = bare.send('GET', path).body as { spec: object }
      const spec = { ...object.spec, resources: { requests: { storage: size } } }
      return (bare.send('PUT', path, { ...object, spec }).body as { message?: string }).message ?? ''
    }
    expect(put('2Gi')).toContain('spec is immutable after creation')
    const object = bare.send('GET', path).body as object
    const status = { phase: 'Bound', capacity: { storage: '1Gi' } }
    expect(bare.send('PUT', `${path}/status`, { ...object, status }).code).toBe(200)
    expect(put('3Gi')).toBe('')
    expect(put('2Gi')).toBe('')
    expect(put('1Gi')).toContain(
      'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
    )
  })
})

describe('classes and drivers', () => {
  test('StorageClass: topologies are told once', () => {
    const { create, update } = askerOf('storage.k8s.io/v1', 'StorageClass')
    const term = { matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }
    const rest = { provisioner: 'a.b/c', allowedTopologies: [term, term] }
    expect(create(rest)).toBe('allowedTopologies[1].matchLabelExpressions: Duplicate value: ""')
    expect(update({ provisioner: 'a.b/c' }, { provisioner: 'a.b/c', parameters: { z: '1', a: '2' } })).toBe(
      'parameters: Invalid value: {"a":"2","z":"1"}: field is immutable',
    )
  })

  test('CSIDriver: generation begins with the first change that counts', () => {
    const { bare } = askerOf('storage.k8s.io/v1', 'CSIDriver')
    const path = '/apis/storage.k8s.io/v1/csidrivers'
    const driver = { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'a.b' }, spec: {} }
    const first = bare.send('POST', path, driver).body as { metadata: { generation?: number } }
    expect(first.metadata.generation).toBeUndefined()
    const next = { ...driver, metadata: first.metadata, spec: { requiresRepublish: true } }
    const second = bare.send('PUT', `${path}/a.b`, next).body as { metadata: { generation?: number } }
    expect(second.metadata.generation).toBe(1)
  })

  test('VolumeAttributesClass: something to say', () => {
    const { create } = askerOf('storage.k8s.io/v1', 'VolumeAttributesClass')
    expect(create({ driverName: 'a.b' })).toBe('parameters: Required value: must contain at least one key/value pair')
  })

  test('VolumeAttachment: one source', () => {
    const { create } = askerOf('storage.k8s.io/v1', 'VolumeAttachment')
    const spec = { attacher: 'a.b', nodeName: 'n', source: {} }
    expect(create({ spec })).toContain('must specify exactly one of inlineVolumeSpec and persistentVolumeName')
    expect(create({ spec: { ...spec, source: { persistentVolumeName: 'v' } } })).toBe('')
  })
})
