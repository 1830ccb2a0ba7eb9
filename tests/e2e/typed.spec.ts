import { expect, test } from './harness.ts'
import { enter, patience, rowsOf, whenOpen } from './workbench.ts'

test('a shell in a container answers what is typed, and the terminal is there again after exit', async ({
  page,
  open,
}) => {
  await open('#/cluster')
  await whenOpen(page)
  const lastRow = async (): Promise<string | undefined> => (await rowsOf(page)).at(-1)
  await enter(page, 'kubectl run box --image=busybox -it --rm --restart=Never -- sh')
  await expect.poll(lastRow, patience).toBe('/ #')
  await enter(page, 'echo $((6 * 7))')
  await expect.poll(() => rowsOf(page), patience).toContain('42')
  await expect.poll(lastRow, patience).toBe('/ #')
  await enter(page, 'exit')
  await expect.poll(() => rowsOf(page), patience).toContain('pod "box" deleted from default namespace')
  await expect.poll(lastRow, patience).toBe('$')
})
