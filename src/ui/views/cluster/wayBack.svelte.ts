/** What brings back the cluster that a new one took the place of; undefined where there is nothing to bring back. */
export const wayBack: { go: (() => Promise<void>) | undefined } = $state({ go: undefined })
