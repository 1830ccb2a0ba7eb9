import type { Cluster } from '../cluster.ts'
import type { Event, KubeObject } from '../engine.ts'
import type { Info } from '../manifests/objects.ts'

/** A sheet of lines: each at a level of indentation, cells parted by tabs. */
export interface Sheet {
  readonly line: (level: number, ...cells: readonly unknown[]) => void
  readonly text: () => string
}

/** What a describer works with. */
export interface Subject<T extends KubeObject> {
  readonly info: Info
  readonly object: T
  readonly sheet: Sheet
  readonly cluster: Cluster
  readonly now: number
  /** the object's events, or undefined where they are not to be shown */
  readonly events: () => readonly Event[] | undefined
}

/** Describes the objects of one kind. */
export interface Describer<T extends KubeObject = KubeObject> {
  readonly group: string
  readonly kind: string
  readonly describe: (subject: Subject<T>) => void
}

/** Types one describer. They are listed in `describers/index.ts`. */
export function defineDescriber<T extends KubeObject>(describer: Describer<T>): Describer {
  return Object.freeze(describer) as unknown as Describer
}

/** An empty sheet. */
export function createSheet(): Sheet {
  const lines: string[] = []
  return {
    line: (level, ...cells) => void lines.push('  '.repeat(level) + cells.map(String).join('\t')),
    text: () => lines.map((line) => `${line}\n`).join(''),
  }
}
