/** A scene that cannot be opened, in words for whoever followed the link. */
export class SceneError extends Error {
  override name = 'SceneError'
}
