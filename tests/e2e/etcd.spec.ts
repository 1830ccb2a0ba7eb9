import { expect, test } from './harness.ts'
import { nodeOf, patience } from './workbench.ts'

test('a cluster of a chosen shape: three members of etcd, of which the leader is stopped', async ({ page, open }) => {
  await open('#/')
  await page.getByRole('button', { name: 'New cluster…' }).click()
  const dialog = page.getByRole('dialog', { name: 'New cluster' })
  await dialog.getByLabel('Nodes').fill('2')
  await dialog.getByLabel(/^three/).check()
  await dialog.getByRole('button', { name: 'Begin' }).click()
  await expect(nodeOf(page, 'node-2', 'Ready')).toBeVisible(patience)

  await page.getByRole('button', { name: 'Control plane', exact: true }).click()
  const members = page.getByRole('region', { name: 'etcd members' })
  await expect(members).toContainText('etcd-1 leads in term 2: 3 of 3 members are up', patience)
  await members.getByRole('button', { name: 'Stop etcd-1' }).click()
  await expect(members).toContainText(/etcd-[23] leads in term \d+: 2 of 3 members are up/, patience)
  await members.getByRole('button', { name: 'Stop etcd-2' }).click()
  await expect(members).toContainText('The quorum is lost: 1 of 3 members are up', patience)

  await page.getByRole('button', { name: 'Nodes', exact: true }).click()
  await expect(page.getByText('etcd has no leader with a majority')).toBeVisible()
  await expect(nodeOf(page, 'node-2', 'Ready')).toBeVisible()
  await page.getByRole('button', { name: 'Start its members' }).click()
  await expect(page.getByText('etcd has no leader with a majority')).toBeHidden(patience)
})
