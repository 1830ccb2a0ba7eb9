import { isEqual } from '../api/index.ts'
import type { Rejection } from './framework.ts'
import type { NodeInfo } from './nodeInfo.ts'
import type { PodInfo } from './podInfo.ts'
import type { Framework, Selection } from './profile.ts'

/** Answers about nodes by their slots; each holds while its node is of the generation it was asked in. */
export interface Answers<T> {
  readonly generations: number[]
  readonly values: T[]
}

/** What the plugins that look at one node alone have said to pods that are alike to them. */
export interface KnownAnswers {
  /** one of those pods */
  readonly pod: PodInfo
  readonly filters: Selection
  /** what the first filters said, as many as look at one node alone */
  readonly rejections: Answers<Rejection | undefined>
  /** by the plugin's place in the profile */
  readonly scores: Answers<number>[]
}

/**
 * What is known for a few kinds of pods. Of the many pods that come from one template, each makes only the nodes be looked at again that have
 * changed since the last. A memory of answers only: no part of the world's state.
 */
export interface AnswersMemory {
  readonly kinds: KnownAnswers[]
  /** which of them is forgotten next */
  oldest: number
}

const kindsMax = 8

/** A memory of nothing. */
export function createAnswersMemory(): AnswersMemory {
  return { kinds: [], oldest: 0 }
}

/** What is known for pods like this one. */
export function answersFor(
  memory: AnswersMemory,
  { plugins, reads }: Framework,
  filters: Selection,
  pod: PodInfo,
): KnownAnswers {
  for (const known of memory.kinds) if (known.filters === filters && isAlike(known.pod, pod, reads)) return known
  const scores: Answers<number>[] = []
  while (scores.length < plugins.length) scores.push(emptyAnswers())
  const known = { pod, filters, rejections: emptyAnswers<Rejection | undefined>(), scores }
  memory.kinds[memory.oldest] = known
  memory.oldest = (memory.oldest + 1) % kindsMax
  return known
}

/** Keeps an answer about a node as it is now, and hands it back. */
export function remember<T>({ generations, values }: Answers<T>, { slot, generation }: NodeInfo, answer: T): T {
  while (generations.length <= slot) {
    generations.push(0)
    values.push(answer)
  }
  generations[slot] = generation
  values[slot] = answer
  return answer
}

function emptyAnswers<T>(): Answers<T> {
  return { generations: [], values: [] }
}

function isAlike(a: PodInfo, b: PodInfo, reads: Framework['reads']): boolean {
  for (const field of reads) if (a[field] !== b[field] && !isEqual(a[field], b[field])) return false
  return true
}
