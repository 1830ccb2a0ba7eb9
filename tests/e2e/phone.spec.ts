import { expect, test } from './harness.ts'
import { deployment, patience, tilesOf } from './workbench.ts'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

test('on a phone the tabs work, and the light editor applies a manifest', async ({ page, open }) => {
  await open('#/cluster')
  const panes = page.getByRole('navigation', { name: 'Panes' })
  await expect(page.getByRole('region', { name: /^Node node-1, Ready/ })).toBeVisible({ timeout: 20_000 })

  await panes.getByRole('button', { name: 'Manifest' }).tap()
  const editor = page.getByRole('textbox', { name: 'Manifest' })
  await expect(editor).toBeVisible(patience)
  await editor.tap()
  await editor.fill(deployment('tapped', 2))
  await page.getByRole('button', { name: 'Apply', exact: true }).tap()
  await expect(page.getByRole('region', { name: 'Result' })).toContainText('deployment.apps/tapped created')

  await page.getByRole('button', { name: /^Speed/ }).tap()
  await page.getByRole('button', { name: /^Speed/ }).tap()
  await panes.getByRole('button', { name: 'Cluster' }).tap()
  await expect(tilesOf(page, 'tapped-')).toHaveCount(2, patience)

  await panes.getByRole('button', { name: 'Events' }).tap()
  await expect(page.getByText('Container started').first()).toBeVisible(patience)
  await panes.getByRole('button', { name: 'Terminal' }).tap()
  await expect(page.getByRole('region', { name: 'Terminal' })).toBeVisible()
  await panes.getByRole('button', { name: 'Guide' }).tap()
  await expect(page.getByRole('region', { name: 'Terminal' })).toBeHidden()
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(overflow, 'nothing is wider than the screen').toBeLessThanOrEqual(0)
})
