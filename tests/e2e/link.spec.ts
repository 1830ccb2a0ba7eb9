import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expect, test, watchProblems } from './harness.ts'
import {
  deployment,
  linkOf,
  momentOf,
  nodeOf,
  patience,
  pause,
  setSpeed,
  tilesOf,
  type,
  whenOpen,
} from './workbench.ts'

const podsCommand = 'kubectl get po -o custom-columns=N:.metadata.name,ON:.spec.nodeName,IP:.status.podIP'

test('a shared link opens the same state elsewhere', async ({ page, open, browser, site }) => {
  await open('#/cluster')
  await whenOpen(page)
  await type(page, 'kubectl create deployment web --image=nginx --replicas=3')
  await setSpeed(page, '10')
  await expect(tilesOf(page, 'web-')).toHaveCount(3, patience)
  await pause(page)
  const pods = await type(page, podsCommand)
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const link = await page.getByRole('dialog').getByRole('textbox', { name: 'The link' }).inputValue()
  expect(link.startsWith(`${site.url}#1.`)).toBe(true)
  expect(link.length).toBeLessThan(2_000)

  const elsewhere = await browser.newContext()
  const guest = await elsewhere.newPage()
  const problems = watchProblems(guest, new URL(site.url).origin)
  await guest.goto(link)
  await expect(tilesOf(guest, 'web-')).toHaveCount(3, patience)
  await expect(guest.getByText('You are in another scene.')).toBeVisible()
  await expect(guest.getByRole('button', { name: 'Play', exact: true }), 'it stands as it stood').toBeVisible()
  expect(await momentOf(guest)).toBe(await momentOf(page))
  expect(await type(guest, podsCommand)).toBe(pods)
  expect(problems).toEqual([])
  await elsewhere.close()
})

const scene = { version: 1, seed: 1, nodes: 2, files: {}, inputs: [], at: 1000 }
const link = (changes: object): string => linkOf(JSON.stringify({ ...scene, ...changes }))
const attack = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>'

const refused: Record<string, { hash: string; says: RegExp }> = {
  'no base64': { hash: '#1.!!!', says: /damaged/ },
  'cut short': { hash: link({ seed: 123_456_789 }).slice(0, -9), says: /damaged/ },
  'no JSON': { hash: linkOf('hello'), says: /damaged/ },
  'a bomb': { hash: linkOf('a'.repeat(50_000_000)), says: /refused|too large/ },
  'megabytes of noise': { hash: `#1.${randomBytes(900_000).toString('base64url')}`, says: /refused|too large|damaged/ },
  'a later format': { hash: link({ version: 2 }), says: /newer|format 2/ },
  'a billion nodes': { hash: link({ nodes: 1e9 }), says: /nodes/ },
  'nodes that are none': { hash: link({ nodes: [{ name: attack, cpu: {} }] }), says: /damaged|node|name/i },
  'years of time': { hash: link({ at: 1e14 }), says: /seven days/ },
  'an unknown action': {
    hash: link({ inputs: [{ at: 1, do: 'eval', text: 'window.owned=1' }] }),
    says: /does not know/,
  },
  'an unknown fault': { hash: link({ inputs: [{ at: 1, do: 'fault', fault: { kind: attack } }] }), says: /fault/ },
}

test('a link that is broken, huge or hostile is refused in words, and the own cluster survives', async ({
  page,
  open,
}) => {
  await makeOwn(page, open)
  for (const [name, { hash, says }] of Object.entries(refused))
    await test.step(name, async () => {
      await page.evaluate((text) => void (location.hash = text), hash)
      const words = page.getByRole('alert').filter({ hasText: says })
      await expect(words, name).toBeVisible()
      await words.getByRole('button', { name: 'Dismiss' }).click()
      await expect(tilesOf(page, 'mine-', ''), name).toHaveCount(2)
      await page.evaluate(() => void (location.hash = '#/cluster'))
    })
  await test.step('a later kind of link', async () => {
    await page.evaluate(() => void (location.hash = '#2.abc'))
    await page.reload()
    await expect(page.getByRole('alert').filter({ hasText: /newer/ })).toBeVisible(patience)
    await expect(tilesOf(page, 'mine-', '')).toHaveCount(2)
  })
  await expectUnharmed(page)
})

test('HTML in a link is only text', async ({ page, open, problems }) => {
  await makeOwn(page, open)
  const inputs = [
    { at: 100, do: 'kubectl', argv: ['create', 'configmap', attack], files: {} },
    { at: 200, do: 'kubectl', argv: ['apply', '-f', '-'], stdin: deployment('theirs', 1, attack), files: {} },
    { at: 300, do: 'kubectl', argv: ['label', 'node', 'node-1', `a=${attack}`], files: {} },
    { at: 400, do: 'kubectl', argv: ['annotate', 'node', 'node-1', `a=${attack}`], files: {} },
  ]
  const text = `---\ntitle: ${attack}\nminutes: 1\n---\n${attack}\n\n## ${attack} {#one}\n${attack}\n[x](javascript:window.owned=1)\n`
  const cases = {
    actions: { inputs, at: 5_000 },
    files: { files: { [`${attack}.yaml`]: attack } },
    view: { view: { stage: attack } },
    lesson: { lesson: { text, step: 0 } },
    'lesson by name': { lesson: { id: attack, step: 0 } },
  }
  for (const [name, changes] of Object.entries(cases))
    await test.step(name, async () => {
      await page.evaluate((hash) => void (location.hash = hash), link(changes))
      const answer = page.getByText('You are in another scene.').or(page.getByRole('alert').filter({ hasText: /\S/ }))
      await expect(answer.first(), name).toBeVisible()
      await page.getByRole('tab', { name: /^Events/ }).click()
      await page.getByRole('tab', { name: 'Manifest' }).click()
      await expect(page.locator('[onerror], a[href^="javascript"], script:not([src])'), name).toHaveCount(0)
      await page.evaluate(() => void (location.hash = '#/cluster'))
      await expect(tilesOf(page, 'mine-', ''), name).toHaveCount(2)
    })
  // Chromium says this of a handler in a document that cannot run it too, and the sanitiser parses in such a one.
  const told = problems.filter((problem) => !problem.includes('Executing inline event handler'))
  problems.splice(0, problems.length, ...told)
  await expectUnharmed(page)
})

async function makeOwn(page: Page, open: (hash?: string) => Promise<void>): Promise<void> {
  await open('#/cluster')
  await whenOpen(page)
  await type(page, 'kubectl create deployment mine --image=nginx --replicas=2')
  await expect(tilesOf(page, 'mine-', '')).toHaveCount(2, patience)
}

/** No script of a link ran, and the own cluster is there after a reload. */
async function expectUnharmed(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'owned' in window)).toBe(false)
  await page.reload()
  await expect(nodeOf(page, 'node-3', 'Ready')).toBeVisible(patience)
  await expect(tilesOf(page, 'mine-', '')).toHaveCount(2)
}
