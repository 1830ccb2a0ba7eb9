import type { Page } from '@playwright/test'
import { expect, test } from './harness.ts'
import { deployment, enter, linkOf, patience, service, tilesOf } from './workbench.ts'

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

test('a guess is asked where somebody is: on the terminal, and answered there', async ({ page, open }) => {
  await open('#/cluster')
  const panes = page.getByRole('navigation', { name: 'Panes' })
  await expect(page.getByRole('region', { name: /^Node node-1, Ready/ })).toBeVisible({ timeout: 20_000 })
  await page.getByRole('button', { name: 'More' }).tap()
  await page.getByRole('menuitemcheckbox', { name: /^Predict where the next Pod goes/ }).tap()
  await panes.getByRole('button', { name: 'Terminal' }).tap()
  await enter(page, 'kubectl run web --image=nginx')
  const strip = page.getByRole('region', { name: 'Foresight' })
  await expect(strip).toContainText('Where will web go?', patience)
  await strip.getByRole('button', { name: 'node-2' }).tap()
  await expect(strip).toContainText('You say node-2.')
  await strip.getByRole('button', { name: 'Reveal' }).tap()
  await expect(strip).toContainText(/node-[123], as you said|it went to node-[123]/, patience)
  await strip.getByRole('button', { name: 'Show the cluster' }).tap()
  await expect(page.getByRole('main', { name: 'Cluster' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Foresight' })).toHaveCount(1)
})

test('a lesson opens with its task, and the bar is the same on every tab', async ({ page, open }) => {
  await open('#/lesson/pod')
  await expect(page.getByRole('heading', { name: 'Start one' })).toBeVisible(patience)
  const panes = page.getByRole('navigation', { name: 'Panes' })
  const title = page.getByRole('heading', { name: 'What a Pod is' })
  const width = (await title.boundingBox())?.width
  await panes.getByRole('button', { name: 'Cluster' }).tap()
  expect((await title.boundingBox())?.width).toBe(width)
  await expect(page.getByRole('button', { name: 'Create an example' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Read the task' }).tap()
  await expect(page.getByRole('heading', { name: 'Start one' })).toBeFocused()

  const more = page.getByRole('button', { name: 'More' })
  await more.tap()
  expect(await smallOnes(page), 'the menu').toEqual([])
  await page.getByRole('menuitemradio', { name: 'Dark theme' }).tap()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('menuitem', { name: 'Help and keyboard map' }).tap()
  await expect(page.getByRole('dialog', { name: 'Keyboard map' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(more).toBeFocused()
})

test('at 200 % the stage is there beside the terminal, whose sheet is pressed, dragged and moved by keys', async ({
  page,
  open,
}) => {
  await page.setViewportSize({ width: 720, height: 450 })
  const inputs = [{ at: 100, do: 'kubectl', argv: ['run', 'web', '--image=nginx'], files: {} }]
  await open(linkOf(JSON.stringify({ version: 1, seed: 1, nodes: 2, files: {}, at: 20_000, inputs })))
  await expect(tilesOf(page, 'web')).toHaveCount(1, patience)
  await page.getByRole('button', { name: 'Stay' }).tap()
  const heightOf = async (selector: string) => (await page.locator(selector).boundingBox())?.height ?? 0
  expect(await heightOf('.p-stage')).toBeGreaterThan(200)
  expect((await page.locator('.phone').boundingBox())?.width).toBe(720)
  const overflow = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)
  expect(overflow, 'nothing is taller than the window').toBeLessThanOrEqual(0)
  const handle = page.getByRole('button', { name: /^Terminal, / })
  await expect(handle).toHaveAccessibleName('Terminal, folded away')
  await handle.tap()
  await expect(handle).toHaveAccessibleName('Terminal, open')
  expect(await heightOf('.p-stage')).toBeGreaterThan(80)
  await handle.press('Home')
  await expect(handle).toHaveAccessibleName('Terminal, folded away')
  const box = await handle.boundingBox()
  if (!box) throw new Error('the handle is not there')
  await page.mouse.move(box.x + 90, box.y + 8)
  await page.mouse.down()
  await page.mouse.move(box.x + 90, box.y - 140, { steps: 5 })
  await page.mouse.up()
  await expect(handle).toHaveAccessibleName('Terminal, open')
})

test('control plane, traffic and owners fold out; whatever is pressed is large enough for a finger', async ({
  page,
  open,
}) => {
  const scene = { version: 1, seed: 1, nodes: 2, files: {}, at: 20_000 }
  const inputs = [
    {
      at: 100,
      do: 'kubectl',
      argv: ['apply', '-f', '-'],
      stdin: `${service('web')}---\n${deployment('web', 2)}`,
      files: {},
    },
    { at: 9_000, do: 'fault', fault: { kind: 'load', name: 'users', url: 'http://web', rps: 40 } },
  ]
  await open(linkOf(JSON.stringify({ ...scene, inputs })))
  await expect(tilesOf(page, 'web-')).toHaveCount(2, patience)
  await page.getByRole('button', { name: 'Stay' }).tap()
  const lines = page.getByRole('region', { name: 'Control plane, traffic and owners' })
  await expect(lines).toContainText('40 served', patience)
  await expect(lines).toContainText('0 lost')
  await lines.getByRole('button').first().tap()
  for (const words of ['API server', 'Controller manager', '→ http://web', '2 Pods'])
    await expect(lines).toContainText(words)
  expect.soft(await smallOnes(page), 'folded out').toEqual([])
  await lines.getByRole('button', { name: /^web Deployment/ }).tap()
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('web', patience)
  await page.getByRole('button', { name: 'Close the inspector' }).tap()
  await lines.getByRole('button').first().tap()
  await tilesOf(page, 'web-').first().tap()
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('Why here?', patience)
  expect.soft(await smallOnes(page), 'inspector').toEqual([])
  await page.getByRole('button', { name: 'Close the inspector' }).tap()
  for (const name of ['Guide', 'Terminal', 'Manifest', 'Objects', 'Events']) {
    await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name }).tap()
    await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0, patience)
    expect.soft(await smallOnes(page), name).toEqual([])
  }
  await page.goto(page.url().replace(/#.*/, '#/'))
  await expect(page.getByRole('heading', { name: 'Lessons' })).toBeVisible(patience)
  await expect(page.getByText('You are in another scene.'), 'no scene is open here').toBeHidden()
  expect.soft(await smallOnes(page), 'home').toEqual([])
})

/** What is smaller than 44 px high or wide, or than 24 px high inside text; what its row or its label takes in counts. */
async function smallOnes(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const [finger, inText] = [43.5, 23.5]
    const found: string[] = []
    for (const one of document.querySelectorAll('a[href], button, select, input, [role=slider]')) {
      const isShown = one.checkVisibility({ visibilityProperty: true }) && !one.closest('.xterm')
      const boxes = [one, one.closest('label') ?? one].map((box) => box.getBoundingClientRect())
      const [width, height] = [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))]
      if (!isShown || width < 2 || height < 2 || getComputedStyle(one, '::after').position === 'absolute') continue
      const isLink = one.matches('.link')
      if (height < (isLink ? inText : finger) || (!isLink && width < finger))
        found.push(`${one.getAttribute('aria-label') ?? one.textContent?.trim()}: ${width} × ${height}`)
    }
    return found
  })
}
