import { expect, test, watchProblems } from './harness.ts'
import { patience, tilesOf, type, whenOpen } from './workbench.ts'

test.setTimeout(120_000)

test('a scene goes from tab to tab with all that was done in it', async ({ page, context, site, open }) => {
  await open('#/cluster')
  await whenOpen(page)
  await type(page, 'kubectl create deployment first --image=nginx')
  await expect(tilesOf(page, 'first-')).toHaveCount(1, patience)

  const second = await context.newPage()
  const problems = watchProblems(second, new URL(site.url).origin)
  await test.step('a second tab says where it is open, and takes it when told to', async () => {
    await second.goto(`${site.url}#/cluster`)
    const ask = second.getByRole('dialog', { name: 'Open in another tab' })
    await expect(ask).toContainText('everything done there comes along')
    await expect(page.getByRole('dialog')).toBeHidden()
    await ask.getByRole('button', { name: 'Continue here' }).click()
    await whenOpen(second)
    await expect(tilesOf(second, 'first-')).toHaveCount(1, patience)
    await expect(ask).toBeHidden()
  })
  const taken = page.getByRole('dialog', { name: 'Continued in another tab' })
  await expect(taken).toContainText('This tab has stopped')

  await test.step('and the first takes it back, with what the second did', async () => {
    await type(second, 'kubectl create deployment second --image=nginx')
    await expect(tilesOf(second, 'second-')).toHaveCount(1, patience)
    await taken.getByRole('button', { name: 'Continue here' }).click()
    await whenOpen(page)
    await expect(taken).toBeHidden()
    await expect(tilesOf(page, 'first-')).toHaveCount(1, patience)
    await expect(tilesOf(page, 'second-')).toHaveCount(1, patience)
    await expect(second.getByRole('dialog', { name: 'Continued in another tab' })).toBeVisible()
  })

  await test.step('who does not take it is led to the lessons, and the other goes on', async () => {
    await second.reload()
    const ask = second.getByRole('dialog', { name: 'Open in another tab' })
    await ask.getByRole('button', { name: 'All lessons' }).click()
    await expect(ask).toBeHidden()
    await expect(second.getByRole('heading', { name: /Kubernetes/ }).first()).toBeVisible()
    await expect(type(page, 'kubectl get deployments -o name')).resolves.toContain('deployment.apps/second')
    await expect(page.getByRole('dialog')).toBeHidden()
  })
  expect(problems, 'the second tab complained').toEqual([])
})
