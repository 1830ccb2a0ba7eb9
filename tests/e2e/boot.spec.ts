import { expect, test } from './harness.ts'

test('boots from a sub-path, asks nobody else for anything, and stays within its policy', async ({ page, open }) => {
  await open()
  await expect(page).toHaveTitle(/Drydock/)
  const policy = page.locator('meta[http-equiv="Content-Security-Policy"]')
  await expect(policy).toHaveAttribute('content', /default-src 'none'/)
})

test('opens again without a network', async ({ page, site, open }) => {
  await open()
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    const worker = registration.active
    while (worker && worker.state !== 'activated') await new Promise((done) => setTimeout(done, 20))
  })
  await site.close()
  await page.reload()
  await expect(page.locator('#app > *').first()).toBeVisible()
})
