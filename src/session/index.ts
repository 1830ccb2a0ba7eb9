export { checkpointFor, thinned, type Action, type Branch, type Checkpoint, type Input } from './history.ts'
export { formatScene, parseScene, SceneError, sceneLimits, type Scene } from './scene.ts'
export { createSession, type Command, type Output, type Running, type Session, type SessionOptions } from './session.ts'
export { wordsOf } from './words.ts'
