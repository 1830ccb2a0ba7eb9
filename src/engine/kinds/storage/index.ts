import { csiDriver } from './csiDriver.ts'
import { csiNode } from './csiNode.ts'
import { csiStorageCapacity } from './csiStorageCapacity.ts'
import { storageClass } from './storageClass.ts'
import { volumeAttachment } from './volumeAttachment.ts'
import { volumeAttributesClass } from './volumeAttributesClass.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const storageKinds = [
  csiDriver,
  csiNode,
  csiStorageCapacity,
  storageClass,
  volumeAttachment,
  volumeAttributesClass,
] as const
