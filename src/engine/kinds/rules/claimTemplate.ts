import type { PersistentVolumeClaim } from '../../api/index.ts'
import { isWhole } from '../core/pod/amounts.ts'

/** A claim as a template describes it: in a StatefulSet, in a pod's ephemeral volume. */
export interface ClaimTemplate {
  readonly metadata?: {
    readonly name?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec?: Partial<PersistentVolumeClaim['spec']>
}

/** What is accepted of a claim, but not without a word. */
// upstream: pkg/api/persistentvolumeclaim/util.go GetWarningsForPersistentVolumeClaimSpec
export function claimWarnings(path: string, { resources }: NonNullable<ClaimTemplate['spec']>): readonly string[] {
  const amount = resources?.requests?.['storage']
  if (amount === undefined || isWhole(amount)) return []
  return [
    `${path}.resources.requests[storage]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`,
  ]
}
