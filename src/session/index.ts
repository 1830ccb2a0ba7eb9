export { runDrydock, type DrydockAnswer } from './drydock.ts'
export { openEdit, opensEditor, saveEdit, type Edit } from './edit.ts'
export { viewOf, type FileView } from './files.ts'
export type { Running } from './followings.ts'
export { ghostOf, type Ghost, type GhostStep } from './ghost.ts'
export { checkpointFor, thinned, type Action, type Branch, type Checkpoint, type Input } from './history.ts'
export { onlyTries } from './looking.ts'
export { notesFor } from './notes.ts'
export { notSimulatedIn, type NotSimulated } from './notSimulated.ts'
export { formatScene, parseScene, SceneError, sceneLimits, type Scene } from './scene.ts'
export {
  clusterOf,
  justParts,
  partNames,
  partsOf,
  sceneMachinesMax,
  ShapeError,
  type ClusterParts,
  type ClusterShape,
} from './shape/index.ts'
export { createSession, type Command, type Output, type Session, type SessionOptions } from './session.ts'
export { createTerminal, type Terminal } from './terminal.ts'
export { wordsOf } from './words.ts'
