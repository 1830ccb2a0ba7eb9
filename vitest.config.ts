import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const shared = {
  environment: 'node' as const,
  globalSetup: './scripts/testSetup.ts',
  testTimeout: 20_000,
  hookTimeout: 60_000,
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/ui/**', 'tests/e2e/**'],
          setupFiles: ['./tests/deepFreeze.ts'],
          isolate: false, // the engine keeps no state outside a cluster, so its modules may be shared by all files
        },
      },
      {
        // Modules with runes are compiled for the browser, so that state and derived values react as they do there.
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        test: {
          ...shared,
          environment: './scripts/runesEnvironment.ts',
          name: 'ui',
          include: ['tests/ui/**/*.test.ts'],
        },
      },
    ],
  },
})
