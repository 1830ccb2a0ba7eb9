import type { Environment } from 'vitest/runtime'

/** Compiles modules as for the page, so that runes react, without pretending that there is a document. */
export default {
  name: 'runes',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => undefined }),
} satisfies Environment
