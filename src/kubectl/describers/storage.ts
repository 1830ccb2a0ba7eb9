import type { CSINode, PersistentVolume, StorageClass, VolumeAttributesClass } from '../engine.ts'
import { accessModesText, listText, phaseText, storageClassOf } from './claims.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { annotationLines, boolText, eventLines, labelLines, longTime, mapText } from './parts.ts'
import { termLines } from './terms.ts'
import { sourceRows } from './volumeSources.ts'
import { csiLines } from './volumes.ts'

/** One volume: who claims it, and what stands behind it. */
export const persistentVolumeDescriber = defineDescriber<PersistentVolume>({
  group: '',
  kind: 'PersistentVolume',
  describe({ object, sheet, events, now }) {
    const { metadata, spec, status } = object
    sheet.line(0, 'Name:', metadata.name)
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    sheet.line(0, 'Finalizers:', listText(metadata.finalizers))
    sheet.line(0, 'StorageClass:', storageClassOf(object))
    sheet.line(0, 'Status:', phaseText(metadata.deletionTimestamp, status?.phase, now))
    const claim = spec.claimRef
    sheet.line(0, 'Claim:', claim ? `${claim.namespace ?? ''}/${claim.name ?? ''}` : '')
    sheet.line(0, 'Reclaim Policy:', spec.persistentVolumeReclaimPolicy ?? '')
    sheet.line(0, 'Access Modes:', accessModesText(spec.accessModes))
    if (spec.volumeMode) sheet.line(0, 'VolumeMode:', spec.volumeMode)
    sheet.line(0, 'Capacity:', spec.capacity?.['storage'] ?? '0')
    affinityLines(sheet, spec.nodeAffinity)
    sheet.line(0, 'Message:', status?.message ?? '')
    sheet.line(0, 'Source:')
    backingLines(sheet, spec)
    eventLines(sheet, events(), now)
  },
})

function backingLines(sheet: Sheet, spec: PersistentVolume['spec']): void {
  const rows = sourceRows(spec, true)
  if (rows !== undefined) for (const row of rows) sheet.line(2, ...row)
  else if (spec.csi) csiLines(sheet, spec.csi, spec.csi.volumeHandle)
  else sheet.line(1, '<unknown>')
}

function affinityLines(sheet: Sheet, affinity: PersistentVolume['spec']['nodeAffinity']): void {
  const terms = affinity?.required?.nodeSelectorTerms
  if (!affinity?.required) return sheet.line(0, 'Node Affinity:', '<none>')
  sheet.line(0, 'Node Affinity:', '')
  if (terms === undefined || terms.length === 0) return sheet.line(1, 'Required Terms:', '<none>')
  sheet.line(1, 'Required Terms:', '')
  terms.forEach((term, index) => termLines(sheet, 2, `Term ${index}:`, term))
}

const defaultKeys = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']

/** One storage class: who provisions, and how. */
export const storageClassDescriber = defineDescriber<StorageClass>({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  describe({ object, sheet, events, now }) {
    const { metadata } = object
    const isDefault = defaultKeys.some((key) => metadata.annotations?.[key] === 'true')
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'IsDefaultClass:', isDefault ? 'Yes' : 'No')
    sheet.line(0, 'Annotations:', mapText(metadata.annotations))
    sheet.line(0, 'Provisioner:', object.provisioner)
    sheet.line(0, 'Parameters:', mapText(object.parameters))
    sheet.line(0, 'AllowVolumeExpansion:', boolText(object.allowVolumeExpansion))
    mountLines(sheet, object.mountOptions)
    if (object.reclaimPolicy) sheet.line(0, 'ReclaimPolicy:', object.reclaimPolicy)
    if (object.volumeBindingMode) sheet.line(0, 'VolumeBindingMode:', object.volumeBindingMode)
    if (object.allowedTopologies) topologyLines(sheet, object.allowedTopologies)
    eventLines(sheet, events(), now)
  },
})

function mountLines(sheet: Sheet, options: readonly string[] | undefined): void {
  if ((options ?? []).length === 0) return sheet.line(0, 'MountOptions:', '<none>')
  sheet.line(0, 'MountOptions:')
  for (const option of options!) sheet.line(1, option)
}

function topologyLines(sheet: Sheet, topologies: NonNullable<StorageClass['allowedTopologies']>): void {
  sheet.line(0, 'AllowedTopologies:', topologies.length === 0 ? '<none>' : '')
  topologies.forEach(({ matchLabelExpressions = [] }, index) => {
    matchLabelExpressions.forEach(({ key, values }, place) =>
      sheet.line(1, place === 0 ? `Term ${index}:` : '', `${key} in [${values.join(', ')}]`),
    )
    if (matchLabelExpressions.length === 0) sheet.line(1, `Term ${index}:`, '<none>')
  })
}

/** One class of volume attributes. */
export const volumeAttributesClassDescriber = defineDescriber<VolumeAttributesClass>({
  group: 'storage.k8s.io',
  kind: 'VolumeAttributesClass',
  describe({ object, sheet, events, now }) {
    sheet.line(0, 'Name:', object.metadata.name)
    sheet.line(0, 'Annotations:', mapText(object.metadata.annotations))
    sheet.line(0, 'DriverName:', object.driverName)
    sheet.line(0, 'Parameters:', mapText(object.parameters))
    eventLines(sheet, events(), now)
  },
})

/** The CSI drivers of one node. */
export const csiNodeDescriber = defineDescriber<CSINode>({
  group: 'storage.k8s.io',
  kind: 'CSINode',
  describe({ object, sheet, events, now }) {
    const { metadata, spec } = object
    sheet.line(0, 'Name:', metadata.name)
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    sheet.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp))
    sheet.line(0, 'Spec:')
    // Upstream prints the heading for a list that is there and empty, as it always is.
    if (spec.drivers !== undefined && spec.drivers !== null) sheet.line(1, 'Drivers:')
    for (const { name, nodeID, allocatable, topologyKeys } of spec.drivers ?? []) {
      sheet.line(2, `${name}:`)
      sheet.line(3, 'Node ID:', nodeID)
      if (allocatable?.count !== undefined) {
        sheet.line(3, 'Allocatables:')
        sheet.line(4, 'Count:', allocatable.count)
      }
      if (topologyKeys) sheet.line(3, 'Topology Keys:', listText(topologyKeys))
    }
    eventLines(sheet, events(), now)
  },
})
