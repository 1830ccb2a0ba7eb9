import { say, type Cluster } from '#engine'
import type { CauseRow } from '../protocol.ts'

/** The chain of causes of a record, itself first, each as a sentence. */
export function causeRows({ trace }: Cluster, seq: number): readonly CauseRow[] {
  return trace.causes(seq).map((record) => ({
    seq: record.seq,
    at: record.at,
    actor: record.actor,
    object: record.object ?? '',
    sentence: say(record),
  }))
}
