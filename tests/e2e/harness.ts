import { test as base, expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { builtDirectory, serveSite } from '../../scripts/site.ts'
import type { Site } from '../../scripts/site.ts'

interface Fixtures {
  /** The built page, served from a sub-path as a careless host would; `site.close()` takes the network away. */
  site: Site
  /** What went wrong in the page so far: console errors, uncaught exceptions, refused or foreign requests. */
  problems: string[]
  /** Opens the page, optionally at a hash, and waits for it to be drawn. */
  open: (hash?: string) => Promise<void>
}

/** Playwright's `test` with the page served, opened, and watched: a test fails when its page complains about anything. */
export const test = base.extend<Fixtures>({
  site: async ({ browserName: _ }, use) => {
    const site = await serveSite(builtDirectory, { prefix: '/some/sub/path/' })
    await use(site)
    await site.close()
  },
  problems: [
    async ({ page, site }, use) => {
      const problems = watchProblems(page, new URL(site.url).origin)
      await use(problems)
      expect(problems, 'the page complained').toEqual([])
    },
    { auto: true },
  ],
  open: async ({ page, site }, use) => {
    await use(async (hash = '') => {
      await page.goto(site.url + hash)
      await expect(page.locator('#app > *').first()).toBeVisible()
    })
  },
})

export { expect }

/** Notes whatever a page complains about, and whatever it asks of anybody but its own origin. */
export function watchProblems(page: Page, origin: string): string[] {
  const problems: string[] = []
  page.on('console', (message) => {
    // A violation of the content security policy is reported as a console error too.
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`))
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url())
    if (protocol.startsWith('http') && asked !== origin) problems.push(`foreign request: ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`)
  })
  return problems
}
