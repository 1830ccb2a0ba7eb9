import { describe, expect, test } from 'vitest'
import { fateText, type NodeFate } from '../../../src/engine/autoscaler/fate.ts'

const kept = { is: 'kept', node: 'small-1', group: 'small', threshold: 0.5 } as const

describe('a fate as text', () => {
  test.each<[NodeFate, string]>([
    [{ is: 'outside', node: 'a' }, 'a belongs to no node group'],
    [{ is: 'unjudged', node: 'a', group: 'g' }, 'a, of the group g, stays for now'],
    [{ is: 'leaving', node: 'a', group: 'g', pods: [] }, 'a is being returned.\n'],
    [{ is: 'leaving', node: 'a', group: 'g', pods: ['default/web'] }, '  default/web has to go first\n'],
    [{ is: 'unneeded', node: 'a', group: 'g', since: 1_500, dueAt: 61_500 }, 'not needed since 1.5s'],
    [{ is: 'unneeded', node: 'a', group: 'g', since: 0, dueAt: undefined }, 'the group has its least size'],
    [{ ...kept, reason: 'NotUnderutilized', utilization: 0.8 }, 'its pods ask for 80 % of it. (NotUnderutilized)'],
    [{ ...kept, reason: 'NoPlaceToMovePods' }, 'no room on the other nodes'],
    [{ ...kept, reason: 'ScaleDownDisabledAnnotation' }, 'kubectl annotate node small-1'],
    [{ ...kept, reason: 'NotReplicated', pod: 'default/a' }, 'kubectl annotate pod a cluster-autoscaler'],
    [{ ...kept, reason: 'LocalStorageRequested', pod: 'prod/a' }, 'kubectl annotate pod a -n prod cluster-autoscaler'],
    [{ ...kept, reason: 'NotSafeToEvictAnnotation', pod: 'default/a' }, 'safe-to-evict-'],
    [{ ...kept, reason: 'UnmovableKubeSystemPod', pod: 'kube-system/dns' }, 'a PodDisruptionBudget for it'],
    [{ ...kept, reason: 'NotEnoughPdb', pod: 'default/a' }, 'allows no eviction now'],
  ])('%j', (fate, words) => expect(fateText(fate)).toContain(words))
})
