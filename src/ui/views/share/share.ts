import { linkWarnAt } from '../../link.ts'

/** What a link carries: the whole run, or a fresh cluster with the same objects. */
export type Extent = 'run' | 'manifests'

/** The scene of a fresh cluster to which the given manifests are applied at once; its time runs, else nothing would come of them. */
export function freshScene(sceneText: string, manifests: string): string {
  const { seed, nodes, view } = JSON.parse(sceneText) as { seed: unknown; nodes: unknown; view?: object }
  const files = { 'scene.yaml': manifests }
  const input = { at: 0, do: 'kubectl', argv: ['apply', '-f', 'scene.yaml'], files }
  const inputs = manifests.trim() === '' ? [] : [input]
  return JSON.stringify({
    version: 1,
    seed,
    nodes,
    files,
    inputs,
    at: 0,
    ...(view !== undefined && { view: { ...view, isPaused: undefined } }),
  })
}

/** The address of a scene: where the page is now, with the payload behind `#1.`. */
export function linkOf(address: string, payload: string): string {
  return `${address.replace(/#.*$/, '')}#1.${payload}`
}

/** The size of a link in words; with a warning where chats and mail programs may cut it. */
export function sizeWords(length: number): { readonly size: string; readonly warning?: string } {
  const size = length < 1000 ? `${length} characters` : `${(length / 1024).toFixed(1)} KB`
  if (length <= linkWarnAt) return { size }
  return {
    size,
    warning: 'Some chats and mail programs cut links as long as this. Sending the scene as a file is safer.',
  }
}

/** A name for a downloaded file: `drydock-rolling-updates.json`. */
export function fileName(title: string | undefined, ending: string): string {
  const words = (title ?? 'scene')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
  return `drydock-${words || 'scene'}.${ending}`
}
