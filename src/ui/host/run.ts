import { describedBy } from '#engine'
import { clusterOf, createSession, type Scene, type Session } from '#session'
import type { Frame } from '../protocol.ts'
import { createActivityReader, type ActivityReader } from './activity.ts'
import { createLessonHost, type LessonHost } from './lessonHost.ts'
import { createMirror, type Mirror } from './mirror.ts'

/** What is open: one scene at a time, its session, and all that reads it. The parts of the host share it. */
export interface Run {
  scene: Scene
  session: Session
  mirror: Mirror
  activity: ActivityReader
  lesson: LessonHost
  /** the next frame tells everything */
  isWhole: boolean
  crash: Frame['crash']
}

/** The scene without anything. */
export const emptyScene: Scene = Object.freeze({ version: 1, seed: 1, nodes: 3, files: {}, inputs: [], at: 0 })

// `kubectl explain` gets its texts when they have come; they are large and nobody waits for them
let describe: ReturnType<typeof describedBy> | undefined
void import('#descriptions').then(({ descriptions }) => (describe = describedBy(descriptions)))

/** Opens a scene: in place of another one, where there is one. Throws, and leaves that one, when it cannot be built. */
export function openRun(scene: Scene, run: Partial<Run>): Run {
  const session = createSession({
    cluster: clusterOf(scene),
    inputs: scene.inputs,
    descriptions: (type, field) => describe?.(type, field),
  })
  const open = run as Run
  open.scene = scene
  open.session = session
  open.lesson = createLessonHost(() => open.session)
  open.crash = undefined
  session.onReplace(() => attach(open))
  attach(open)
  session.seek(scene.at)
  return open
}

/** Reads the cluster from its beginning, as after a rewind. */
function attach(run: Run): void {
  run.mirror = createMirror(run.session.cluster())
  run.activity = createActivityReader(run.session.cluster())
  run.isWhole = true
  run.lesson.rewound()
}
