/** `0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods.`: how often each reason was given, sorted as text. */
// upstream: pkg/scheduler/framework/types.go FitError.Error
export function failureMessage(nodes: number, reasonsByNode: Iterable<readonly string[]>): string {
  const histogram = new Map<string, number>()
  for (const reasons of reasonsByNode)
    for (const reason of reasons) histogram.set(reason, (histogram.get(reason) ?? 0) + 1)
  const lines = [...histogram].map(([reason, count]) => `${count} ${reason}`).sort()
  return `0/${nodes} nodes are available:${lines.length > 0 ? ` ${lines.join(', ')}.` : ''}`
}

/** The same for a pod that a PreFilter plugin refused as a whole. */
export function refusalMessage(nodes: number, reason: string): string {
  return `0/${nodes} nodes are available: ${reason}.`
}
