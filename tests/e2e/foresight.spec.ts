import type { Locator, Page } from '@playwright/test'
import { expect, test } from './harness.ts'
import { nodeOf, openManifest, patience, setSpeed, tilesOf, type, whenOpen } from './workbench.ts'

const card = (page: Page): Locator => page.getByRole('region', { name: 'Foresight' })
const queue = (page: Page): Locator => page.getByRole('region', { name: 'Scheduling queue' })

test('a guess: time stops, a node is named by the keyboard, the scheduler decides', async ({ page, open }) => {
  await open('#/cluster')
  await whenOpen(page)
  await page.getByRole('button', { name: 'Predict' }).click()
  await type(page, 'kubectl run web --image=nginx')
  await expect(card(page)).toContainText('Where will web go?', patience)
  await expect(queue(page).getByRole('button', { name: /^Pod web,/ })).toBeVisible()
  await nodeOf(page, 'node-2', 'Ready')
    .getByRole('button', { name: /^Node node-2/ })
    .press('Enter')
  await expect(card(page)).toContainText('You say node-2.')
  await expect(page.getByRole('img', { name: /^your guess: web/ })).toBeVisible()
  await card(page).getByRole('button', { name: 'Reveal' }).click()
  await expect(card(page)).toContainText(/node-[123], as you said|it went to node-[123]/, patience)
  await card(page).getByRole('button', { name: 'Show the decision' }).click()
  await expect(card(page)).toContainText('3 nodes are looked at.')
  await page.keyboard.press('.')
  await expect(card(page)).toContainText('nobody is turned down', patience)
  await card(page).getByRole('button', { name: 'Dismiss' }).click()
  await expect(card(page)).toBeHidden()
})

test('a pod that fits nowhere: why, what would help, tried in a ghost, then done', async ({ page, open }) => {
  await open('#/cluster')
  await whenOpen(page)
  await type(page, `kubectl run wide --image=nginx --overrides='{"spec":{"nodeSelector":{"disk":"ssd"}}}'`)
  await queue(page)
    .getByRole('button', { name: /^Pod wide, Unschedulable/ })
    .click(patience)
  await page.keyboard.press('w')
  const inspector = page.getByRole('tabpanel', { name: 'Inspector' })
  await expect(inspector).toContainText('0/3 nodes are available', patience)
  const tried = inspector.getByRole('button', { name: /^Try in a ghost: .*node-/ }).first()
  await tried.click()
  await expect(card(page)).toContainText(/wide would be on node-[123]/, patience)
  await expect(tilesOf(page, 'wide', 'Unschedulable')).toHaveCount(1)
  await inspector
    .getByRole('button', { name: /^Do it: .*node-/ })
    .first()
    .click()
  await setSpeed(page, '10')
  await expect(tilesOf(page, 'wide')).toHaveCount(1, patience)
  await expect(inspector).toContainText('Why here?', patience)
})

test('what applying a manifest would do, and what of it is not simulated', async ({ page, open }) => {
  await open('#/cluster')
  await whenOpen(page)
  await openManifest(
    page,
    'p.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  hostPID: true\n  containers: [{ name: a, image: nginx }]\n',
  )
  await expect(page.getByRole('region', { name: 'Result' })).toContainText('hostPID: not simulated', patience)
  await page.getByRole('button', { name: 'What if' }).click()
  await expect(card(page)).toContainText(/1 new Pod would go to node-[123]\./, patience)
  await expect(page.getByRole('img', { name: /^Running: p/ })).toBeVisible()
  await expect(tilesOf(page, 'p,', '')).toHaveCount(0)
  const printed = await type(
    page,
    "kubectl create -f - <<'EOF'\napiVersion: v1\nkind: Pod\nmetadata: { name: q }\nspec:\n  hostIPC: true\n  containers: [{ name: a, image: nginx }]\nEOF",
  )
  expect(printed).toContain('pod/q created')
  expect(printed).toContain('note: pod/q: spec.hostIPC: not simulated')
})

test('the control plane, message by message', async ({ page, open }) => {
  await open('#/cluster')
  await whenOpen(page)
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await type(page, 'kubectl create configmap settings --from-literal=a=b')
  await page.getByRole('button', { name: 'Control plane', exact: true }).click()
  const messages = page.getByRole('list', { name: 'Messages, oldest first' })
  const sent = messages.getByRole('button', { name: /You send POST configmaps/ })
  await sent.click(patience)
  await expect(sent).toHaveAttribute('aria-current', 'step')
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('.')
  await expect(page.getByRole('list', { name: 'Gates' }).locator('[aria-current]')).toContainText('Decoding')
  await expect(page.getByRole('region', { name: 'What this write changes' })).toContainText('+ data.a: b')
  await type(page, 'kubectl create configmap settings')
  await messages.getByRole('button', { name: /refused/ }).click(patience)
  await messages
    .getByRole('button', { name: /Nothing is stored/ })
    .first()
    .click(patience)
  await expect(page.getByRole('list', { name: 'Gates' }).locator('[aria-current]')).toContainText('AlreadyExists')
})
