import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import { expect, test } from './harness.ts'
import { nodeOf, patience, setSpeed, tilesOf, type, whenOpen } from './workbench.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

for (const theme of ['light', 'dark'] as const)
  test(`the ${theme} workbench has no serious violations`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await open('#/cluster')
    await whenOpen(page)
    await type(page, 'kubectl create deployment web --image=nginx --replicas=3')
    await setSpeed(page, '10')
    await expect(tilesOf(page, 'web-')).toHaveCount(3, patience)
    await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0, patience)
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    expect.soft(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Break something' }).click()
    await expect(page.getByRole('dialog', { name: 'Break something' })).toBeVisible()
    expect.soft(await violationsOf(page), 'with a menu').toEqual([])
  })

test('what might be, was decided, and was said has no serious violations either', async ({ page, open }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open('#/cluster')
  await whenOpen(page)
  await type(page, `kubectl run wide --image=nginx --overrides='{"spec":{"nodeSelector":{"disk":"ssd"}}}'`)
  await tilesOf(page, 'wide', 'Unschedulable').click(patience)
  await page.keyboard.press('w')
  await page
    .getByRole('button', { name: /^Try in a ghost/ })
    .first()
    .click(patience)
  const card = page.getByRole('region', { name: 'Foresight' })
  await expect(card).toContainText('wide would be', patience)
  expect.soft(await violationsOf(page), 'with a ghost').toEqual([])
  await page.getByRole('button', { name: 'Show the decision on the stage' }).click()
  await expect(card).toContainText('nodes are looked at')
  await card.getByRole('button', { name: 'On' }).click()
  expect.soft(await violationsOf(page), 'with a decision').toEqual([])
  await card.getByRole('button', { name: 'Dismiss' }).click()
  await page.getByRole('button', { name: 'Control plane', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Messages, oldest first' }).getByRole('button').first()).toBeVisible()
  expect.soft(await violationsOf(page), 'with the control plane').toEqual([])
})

test('by the keyboard alone: from node to tile, select, and open what can be done to it', async ({ page, open }) => {
  await open('#/cluster')
  await whenOpen(page)
  await type(page, 'kubectl create deployment web --image=nginx --replicas=3')
  await setSpeed(page, '10')
  await expect(tilesOf(page, 'web-')).toHaveCount(3, patience)
  await page.getByRole('button', { name: 'Pause', exact: true }).click()

  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Skip to the cluster' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main', { name: 'Cluster' })).toBeFocused()
  const head = nodeOf(page, 'node-1', 'Ready').getByRole('button', { name: /^Node node-1/ })
  for (let tabs = 0; tabs < 20 && !(await isStop(page)); tabs++) await page.keyboard.press('Tab')
  await page.keyboard.press('Home')
  await expect(head).toBeFocused()
  await page.keyboard.press('End')
  const last = page.locator(':focus')
  await expect(last).toHaveAccessibleName(/^Pod /)
  const name = /^Pod (\S+),/.exec(await last.innerText())?.[1] ?? ''

  await page.keyboard.press('Enter')
  await page.keyboard.press('4')
  await expect(page.getByRole('tab', { name: 'Inspector' })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('tabpanel', { name: 'Inspector' })).toContainText(name, patience)

  await page.keyboard.press('b')
  await expect(page.getByRole('dialog', { name: 'Break something' })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(page.locator(':focus')).toHaveRole('menuitem')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Break something' })).toBeHidden()
  await expect(page.locator(':focus'), 'back where it was').toHaveAccessibleName(new RegExp(`^Pod ${name},`))

  for (const opener of ['Layout of panes', 'Break something', 'Share', 'Help and keyboard map']) {
    const button = page.getByRole('button', { name: opener, exact: true })
    await button.press('Enter')
    const above = page.getByRole('dialog', { name: /^(Layout of panes|Break something|Share|Keyboard map)$/ })
    await expect(above).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(above).toBeHidden()
    await expect(button, opener).toBeFocused()
  }
  for (const pane of ['Lesson guide', 'Cluster']) {
    await page.keyboard.press('F6')
    await expect(page.locator(':focus')).toHaveAccessibleName(pane)
    await expect(page.locator(':focus'), 'is seen').toHaveCSS('outline-style', 'solid')
  }
})

test('what a lesson disables hands the focus on', async ({ page, open }) => {
  await open('#/lesson/pod')
  await page.getByRole('button', { name: 'Hint 1 of 1' }).press('Enter', patience)
  await expect(page.locator(':focus')).toContainText('makes a single Pod')
  await page.getByRole('button', { name: 'Show me' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Next' })).toBeFocused(patience)
})

/** Whether the focus is on a node or a pod of the stage. */
async function isStop(page: Page): Promise<boolean> {
  return /^(Node|Pod) /.test(
    await page.evaluate(() => {
      const { activeElement: at } = document
      return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? ''
    }),
  )
}

interface Axe {
  run(options: object): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>
}

/** Serious and critical violations, one line each: the rule and where. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: Axe }
    const { violations } = await axe.run({ resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map(({ target }) => target.join(' '))
            .slice(0, 5)
            .join(' | ')}`,
      )
  })
}
