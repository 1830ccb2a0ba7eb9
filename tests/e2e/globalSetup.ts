import { ensureBuilt } from '../../scripts/site.ts'

/** Playwright's global setup: the browser tests read the page as it is shipped. */
export default async function setup(): Promise<void> {
  await ensureBuilt()
}
