/** What an empty stage says. The machine room's own pods are pods too: where they are shown, only those of the learner are missing. */
export function bareWords(
  nodeCount: number,
  podCount: number,
  hasTask = false,
): { readonly title: string; readonly text: string } {
  const nodes = nodeCount === 1 ? 'One node is' : `${nodeCount} nodes are`
  const only = podCount > 0 ? ', with nothing but what Kubernetes itself runs' : ''
  return {
    title: podCount > 0 ? 'No Pods of yours' : 'No Pods',
    text: `${nodes} there and waiting${only}. ${hasTask ? 'The guide says what to do.' : 'Apply a manifest, or begin with three Pods.'}`,
  }
}
