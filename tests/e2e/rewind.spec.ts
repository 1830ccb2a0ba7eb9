import type { Page } from '@playwright/test'
import { expect, test } from './harness.ts'
import { momentOf, nodeOf, patience, pause, setSpeed, tilesOf, timeline, type, whenOpen } from './workbench.ts'

test.setTimeout(120_000)

test('a dead node is healed, a rewind brings it back, and a reload resumes', async ({ page, open }) => {
  await open('#/cluster')
  await whenOpen(page)
  await type(page, 'kubectl create deployment web --image=nginx --replicas=4')
  await setSpeed(page, '10')
  await expect(tilesOf(page, 'web-')).toHaveCount(4, patience)

  await test.step('power off node-2, and the others take its pods', async () => {
    // some time passes, so that there is room on the line between the pods' start and the bolt
    await expect.poll(() => momentOf(page), patience).toBeGreaterThan(30_000)
    await page.getByRole('button', { name: 'Break something' }).click()
    const menu = page.getByRole('dialog', { name: 'Break something' })
    await menu.getByRole('combobox', { name: 'Node' }).selectOption('node-2')
    await menu.getByRole('menuitem', { name: /^Power off/ }).click()
    await setSpeed(page, '60')
    await expect(nodeOf(page, 'node-2', 'NotReady')).toBeVisible(patience)
    await expect(tilesOf(page, 'web-', 'Running, ready 1/1, .*node (node-1|node-3)$')).toHaveCount(4, patience)
  })
  const healed = await pause(page)
  const bolt = page.getByTitle(/\d node-2 power off/)
  await expect(bolt).toBeVisible()

  await test.step('drag the playhead to before the bolt: the node lives', async () => {
    await dragTo(page, (await centreOf(page, bolt)) - 6)
    await expect(nodeOf(page, 'node-2', 'Ready')).toBeVisible()
    expect(await momentOf(page)).toBeLessThan(healed)
    await expect(tilesOf(page, 'web-')).toHaveCount(4)
  })

  await test.step('by the keys to the end: it is dead again, and healed', async () => {
    await timeline(page).press('End')
    await expect(nodeOf(page, 'node-2', 'NotReady')).toBeVisible()
    await expect(tilesOf(page, 'web-', 'Running, ready 1/1, .*node (node-1|node-3)$')).toHaveCount(4)
    expect(await momentOf(page)).toBe(healed)
  })

  await test.step('a reload resumes at the same moment with the same pods', async () => {
    const before = await type(page, podsCommand)
    expect(before.split('\n').length).toBeGreaterThanOrEqual(4)
    await expect.poll(() => keptMoment(page), patience).toBe(healed)
    await page.reload()
    await expect(nodeOf(page, 'node-2', 'NotReady')).toBeVisible(patience)
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
    expect(await momentOf(page)).toBe(healed)
    expect(await type(page, podsCommand)).toBe(before)
  })
})

/** Everything but the age, which goes on; short, because the terminal shows eight rows. */
const podsCommand = 'kubectl get po -o custom-columns=N:.metadata.name,ON:.spec.nodeName,IP:.status.podIP | sort'

async function centreOf(page: Page, mark: ReturnType<Page['getByTitle']>): Promise<number> {
  const box = await mark.boundingBox()
  if (!box) throw new Error('The mark is not on the page.')
  return box.x + box.width / 2
}

async function dragTo(page: Page, x: number): Promise<void> {
  const box = await timeline(page).boundingBox()
  if (!box) throw new Error('There is no timeline.')
  const y = box.y + box.height - 8
  await page.mouse.move(box.x + box.width - 20, y)
  await page.mouse.down()
  await page.mouse.move(x + 40, y, { steps: 4 })
  await page.mouse.move(x, y, { steps: 4 })
  await page.mouse.up()
}

/** The moment at which the scene was last kept in the browser. */
async function keptMoment(page: Page): Promise<number> {
  return page.evaluate(() => {
    const kept = localStorage.getItem('drydock.scene')
    return kept ? Math.round((JSON.parse(JSON.parse(kept) as string) as { at: number }).at) : -1
  })
}
