import { defineConfig } from '@playwright/test'
import { chromiumAdvice, findChromium } from './scripts/chromium.ts'

const executablePath = findChromium()
if (!executablePath) throw new Error(chromiumAdvice)

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'node_modules/.cache/playwright',
  globalSetup: './tests/e2e/globalSetup.ts',
  workers: 1, // frame times and task lengths are measured too, and must not compete with another page
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath, args: quiet },
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
  },
})
