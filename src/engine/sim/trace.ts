import { emptyList } from './lists.ts'

/** One thing that happened. `cause` is the seq of the record that led to it, 0 for the beginning of the run. */
export interface TraceRecord {
  readonly seq: number
  /** virtual milliseconds */
  readonly at: number
  /** who did it: a component's name, or `you` */
  readonly actor: string
  /** what happened, as a past-tense fact: `created`, `pod.bound`, `container.started`, … */
  readonly what: string
  /** the object it happened to: `Pod/default/web`, or `Node/node-1` where there is no namespace */
  readonly object: string | undefined
  /** the store's revision, where the fact is a write */
  readonly revision: number | undefined
  readonly cause: number
  readonly detail: TraceDetail | undefined
}

/** Further facts of a record: plain, small data. */
export type TraceDetail = Readonly<Record<string, unknown>>

const chunkSize = 1024

/** The trace as data. Records never change, so checkpoints share them, and full chunks as a whole. */
export interface TraceState {
  nextSeq: number
  chunks: (readonly TraceRecord[])[]
  tail: TraceRecord[]
}

/** An empty trace; the first record will have seq 1. */
export function createTrace(): TraceState {
  return { nextSeq: 1, chunks: emptyList(), tail: emptyList() }
}

/** Adds a record and returns its seq. */
export function append(trace: TraceState, record: TraceRecord): number {
  trace.tail.push(record)
  trace.nextSeq = record.seq + 1
  if (trace.tail.length === chunkSize) {
    trace.chunks.push(trace.tail)
    trace.tail = emptyList()
  }
  return record.seq
}

/** A trace that goes on by itself. */
export function copyTrace({ nextSeq, chunks, tail }: TraceState): TraceState {
  return { nextSeq, chunks: chunks.slice(), tail: tail.slice() }
}

/** The record of that seq, if there is one. */
export function recordAt(trace: TraceState, seq: number): TraceRecord | undefined {
  if (seq < 1 || seq >= trace.nextSeq) return undefined
  const chunk = trace.chunks[Math.floor((seq - 1) / chunkSize)]
  return chunk ? chunk[(seq - 1) % chunkSize] : trace.tail[(seq - 1) % chunkSize]
}

/** All records after `since`, oldest first. */
export function* recordsAfter(trace: TraceState, since: number): Generator<TraceRecord> {
  for (let seq = since + 1; seq < trace.nextSeq; seq++) yield recordAt(trace, seq)!
}

/** The chain of causes of a record, itself first, back to what a person did. */
export function causesOf(trace: TraceState, seq: number): TraceRecord[] {
  const chain: TraceRecord[] = []
  for (let record = recordAt(trace, seq); record !== undefined; record = recordAt(trace, record.cause))
    chain.push(record)
  return chain
}
