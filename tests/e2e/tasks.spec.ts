import type { Browser, Page } from '@playwright/test'
import { expect, test } from './harness.ts'
import { applyManifest, deployment, openManifest, patience, service, setSpeed, tilesOf, whenOpen } from './workbench.ts'

/** The budget is 50 ms of the main thread's own time; a machine that does other things spends up to twice that on the same work. */
const taskAtMostMs = 100

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** thread time, µs; how long it waited for a processor is not in it */
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

test('no task of the main thread is long: from the first script to pods that run', async ({ browser, page, open }) => {
  const documents = ['leader', 'follower', 'frontend'].flatMap((name) => [service(name), deployment(name, 3)])
  let longest = Infinity
  // what else a machine does only ever adds: the least of three openings is the page's own
  for (let tries = 0; tries < 3 && longest >= taskAtMostMs; tries++) {
    const measured = await longestTask(browser, page, async () => {
      await open('#/cluster')
      await whenOpen(page)
      await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible(patience)
      await openManifest(page, 'guestbook.yaml', documents.join('---\n'))
      await applyManifest(page)
      await setSpeed(page, '10')
      await expect(tilesOf(page, 'frontend-')).toHaveCount(3, patience)
    })
    longest = Math.min(longest, measured)
    await forget(page)
  }
  process.stdout.write(`    longest task: ${longest.toFixed(0)} ms of thread time\n`)
  expect(longest).toBeLessThan(taskAtMostMs)
})

/** The page is left, and knows nothing of its cluster any more. */
async function forget(page: Page): Promise<void> {
  await page.evaluate(() => localStorage.clear())
  await page.goto('about:blank')
}

/** Thread time of the page's longest task while something is done, in ms. */
async function longestTask(browser: Browser, page: Page, work: () => Promise<void>): Promise<number> {
  await browser.startTracing(page, { categories: ['-*', 'disabled-by-default-devtools.timeline'] })
  await work()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: readonly TraceEvent[] }
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`
  const mains = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf),
  )
  const tasks = traceEvents.filter(
    (event) => event.name === 'RunTask' && event.ph === 'X' && mains.has(threadOf(event)),
  )
  expect(tasks.length, 'tasks were recorded').toBeGreaterThan(100)
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000
}
