import type { Cluster, ExecHandle, Pod } from '#engine'

/** What a container writes from now on, until it ends; undefined where it has not started. */
// differs: what is typed does not reach the container. One that has just ended is an attachment that is over, not a refusal:
// where time is quick, a client that has read its log so far would come too late each time.
export function attachTo(cluster: Cluster, { metadata, status }: Pod, container: string): ExecHandle | undefined {
  const key = `${metadata.namespace}/${metadata.name}`
  const statuses = [
    ...(status.containerStatuses ?? []),
    ...(status.initContainerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ]
  const state = statuses.find(({ name }) => name === container)?.state
  if (state?.running === undefined && state?.terminated === undefined) return undefined
  let shown = Infinity
  let attachedTo: string | undefined
  let isOver = false
  const take = (): { readonly stdout: string; readonly stderr: string } => {
    const answer = cluster.nodes.logs(key, container, { previous: false })
    if ('error' in answer) {
      isOver = true
      return { stdout: '', stderr: '' }
    }
    const { id, lines, from = 0, isComplete = false } = answer
    const end = from + lines.length
    attachedTo ??= id
    // another container: it was started anew, and the one that was meant has ended
    isOver = isComplete || id !== attachedTo
    if (id !== attachedTo) return { stdout: '', stderr: '' }
    const fresh = lines.slice(Math.max(0, shown - from))
    shown = end
    return { stdout: fresh.map(({ text }) => `${text}\n`).join(''), stderr: '' }
  }
  take()
  const unread = () => undefined // attach over the wire shows, and takes nothing
  return { take, ended: () => (isOver ? { code: 0 } : undefined), stop: () => undefined, write: unread, signal: unread }
}
