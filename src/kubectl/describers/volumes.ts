import type { PersistentVolumeClaim, Pod } from '../engine.ts'
import { claimLines } from './claims.ts'
import type { Sheet } from './defineDescriber.ts'
import { sourceRows } from './volumeSources.ts'

type Volume = NonNullable<Pod['spec']['volumes']>[number]

/** The volumes of a pod or of a template. */
// upstream: kubectl/pkg/describe/describe.go describeVolumes
export function volumeLines(sheet: Sheet, volumes: readonly Volume[] | undefined, isTemplate: boolean): void {
  const level = isTemplate ? 1 : 0
  if ((volumes ?? []).length === 0) return sheet.line(level, 'Volumes:', '<none>')
  sheet.line(level, 'Volumes:')
  for (const volume of volumes!) {
    sheet.line(1, `${isTemplate ? ' ' : ''}${volume.name}:`)
    oneVolume(sheet, volume)
  }
}

function oneVolume(sheet: Sheet, volume: Volume): void {
  const rows = sourceRows(volume, false)
  if (rows !== undefined) for (const row of rows) sheet.line(2, ...row)
  else if (volume.projected) projectedLines(sheet, volume.projected)
  else if (volume.downwardAPI) downwardLines(sheet, volume.downwardAPI)
  else if (volume.csi) csiLines(sheet, volume.csi)
  else if (volume.ephemeral) ephemeralLines(sheet, volume.ephemeral)
  else sheet.line(1, '<unknown>')
}

function ephemeralLines(sheet: Sheet, { volumeClaimTemplate }: NonNullable<Volume['ephemeral']>): void {
  sheet.line(
    2,
    'Type:',
    'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
  )
  if (volumeClaimTemplate) claimLines(sheet, 2, volumeClaimTemplate as unknown as PersistentVolumeClaim, undefined)
}

function downwardLines(sheet: Sheet, { items }: NonNullable<Volume['downwardAPI']>): void {
  sheet.line(2, 'Type:', 'DownwardAPI (a volume populated by information about the pod)')
  sheet.line(2, 'Items:')
  for (const { fieldRef, resourceFieldRef, path } of items ?? []) {
    if (fieldRef) sheet.line(3, `${fieldRef.fieldPath} -> ${path}`)
    if (resourceFieldRef) sheet.line(3, `${resourceFieldRef.resource} -> ${path}`)
  }
}

function projectedLines(sheet: Sheet, { sources }: NonNullable<Volume['projected']>): void {
  sheet.line(2, 'Type:', 'Projected (a volume that contains injected data from multiple sources)')
  for (const { secret, downwardAPI, configMap, serviceAccountToken } of sources ?? []) {
    if (secret) {
      sheet.line(2, 'SecretName:', secret.name ?? '')
      sheet.line(2, 'Optional:', secret.optional ?? false)
    } else if (downwardAPI) sheet.line(2, 'DownwardAPI:', true)
    else if (configMap) {
      sheet.line(2, 'ConfigMapName:', configMap.name ?? '')
      sheet.line(2, 'Optional:', configMap.optional ?? false)
    } else if (serviceAccountToken)
      sheet.line(2, 'TokenExpirationSeconds:', serviceAccountToken.expirationSeconds ?? 3600)
  }
}

/** What a CSI driver is given. */
export interface CsiView {
  readonly driver: string
  readonly fsType?: string
  readonly readOnly?: boolean
  readonly volumeAttributes?: Readonly<Record<string, string>>
}

/** A CSI source; that of a persistent volume names the volume too. */
export function csiLines(sheet: Sheet, csi: CsiView, handle?: string): void {
  sheet.line(2, 'Type:', 'CSI (a Container Storage Interface (CSI) volume source)')
  sheet.line(2, 'Driver:', csi.driver)
  sheet.line(2, 'FSType:', csi.fsType ?? '')
  if (handle !== undefined) sheet.line(2, 'VolumeHandle:', handle)
  sheet.line(2, 'ReadOnly:', csi.readOnly ?? false)
  attributeLines(sheet, csi.volumeAttributes ?? {})
}

const longest = 140

// Upstream indents the values once more.
function attributeLines(sheet: Sheet, attributes: Readonly<Record<string, string>>): void {
  const keys = Object.keys(attributes).sort()
  if (keys.length === 0) return sheet.line(2, 'VolumeAttributes:', '<none>')
  keys.forEach((key, index) => {
    const text = `${key}=${attributes[key]}`
    const shown = text.length > longest ? `${text.slice(0, longest)}...` : text
    sheet.line(2, index === 0 ? 'VolumeAttributes:' : '', `    ${shown}`)
  })
}
