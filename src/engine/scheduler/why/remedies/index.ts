import type { Finder } from '../question.ts'
import { deleteNeighbours, relaxAffinity } from './affinity.ts'
import { addNode } from './newNode.ts'
import { labelNode, relaxSelector } from './nodeSelectors.ts'
import { dropHostPort, freePorts } from './ports.ts'
import { raisePriority } from './priority.ts'
import { freeRoom, requestLess } from './room.ts'
import { relaxSpread } from './spread.ts'
import { addToleration, removeTaint } from './taints.ts'
import { uncordon } from './uncordon.ts'
import { createClaim, createVolume, freeVolumes } from './volumes.ts'

/** Everything that is tried for a pod that fits nowhere; one that is gated is only asked about its gates. */
export const finders: readonly Finder[] = [
  uncordon,
  removeTaint,
  addToleration,
  labelNode,
  relaxSelector,
  relaxSpread,
  relaxAffinity,
  deleteNeighbours,
  dropHostPort,
  freePorts,
  requestLess,
  freeRoom,
  createClaim,
  createVolume,
  freeVolumes,
  raisePriority,
  addNode,
]
