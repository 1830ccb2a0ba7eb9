import type { Scene, Session } from '#session'
import type { LessonCard, LessonView } from '../protocol.ts'

/** A lesson on top of a session: which step, what its goal sees, and its solution shown slowly. */
export interface LessonHost {
  readonly cards: () => readonly LessonCard[]
  /** the scene a lesson of the catalogue begins with; throws a SceneError when there is none of that id */
  readonly sceneOf: (id: string) => Partial<Scene>
  readonly start: (id: string) => void
  /** Goes on where a link says. */
  readonly resume: (place: NonNullable<Scene['lesson']>) => void
  /** Reads somebody's lesson; throws a SceneError with the line that is wrong. */
  readonly load: (text: string) => Partial<Scene>
  readonly startLoaded: () => void
  readonly goTo: (step: number) => void
  readonly answer: (step: string, choice: number) => void
  readonly showSolution: () => void
  readonly reset: () => void
  /** Looks at the goal again; called after time has moved. */
  readonly look: () => void
  /** what changed since the last call: undefined nothing, null no lesson any more */
  readonly view: () => LessonView | null | undefined
  /** The cluster object was replaced, or time went back. */
  readonly rewound: () => void
  /** what a link says of it */
  readonly place: () => Pick<Scene, 'lesson'>
}

/** A host without any lesson. */
export function createLessonHost(_session: () => Session): LessonHost {
  const nothing = (): void => {}
  return {
    cards: () => [],
    sceneOf: () => ({}),
    start: nothing,
    resume: nothing,
    load: () => ({}),
    startLoaded: nothing,
    goTo: nothing,
    answer: nothing,
    showSolution: nothing,
    reset: nothing,
    look: nothing,
    view: () => undefined,
    rewound: nothing,
    place: () => ({}),
  }
}
