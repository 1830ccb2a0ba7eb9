import type { Draft } from '../../../api/index.ts'
import type { VolumeSpec } from './sources.ts'

/** What some sources leave unsaid. */
// upstream: pkg/apis/core/v1/defaults.go SetDefaults_RBDPersistentVolumeSource and its neighbours
export function defaultSources({ hostPath, rbd, iscsi, azureDisk, scaleIO }: Draft<VolumeSpec>): void {
  if (hostPath) hostPath.type ??= ''
  if (rbd) {
    rbd.pool ||= 'rbd'
    rbd.user ||= 'admin'
    rbd.keyring ||= '/etc/ceph/keyring'
  }
  if (iscsi) iscsi.iscsiInterface ||= 'default'
  if (azureDisk) {
    azureDisk.cachingMode ??= 'ReadWrite'
    azureDisk.kind ??= 'Shared'
    azureDisk.fsType ??= 'ext4'
    azureDisk.readOnly ??= false
  }
  if (scaleIO) {
    scaleIO.storageMode ||= 'ThinProvisioned'
    scaleIO.fsType ||= 'xfs'
  }
}
