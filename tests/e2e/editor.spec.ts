import { expect, test } from './harness.ts'
import { enter, patience, rowsOf, type, whenOpen } from './workbench.ts'

test('what the terminal writes is open in the editor, and kubectl edit waits for it', async ({ page, open }) => {
  await open('#/cluster')
  await whenOpen(page)
  await type(page, 'kubectl create deployment shop --image=nginx --dry-run=client -o yaml > shop.yaml')
  const tab = (name: string) => page.getByRole('tab', { name, exact: true })
  await expect(tab('shop.yaml')).toHaveAttribute('aria-selected', 'true', patience)
  await expect(page.locator('.monaco-editor .view-lines').first()).toContainText('shop', patience)
  expect(await type(page, 'kubectl apply -f shop.yaml')).toBe('deployment.apps/shop created')

  await type(page, "cat > shop.yaml <<'EOF'\nkind: ConfigMap\nEOF")
  await expect(page.locator('.monaco-editor .view-lines').first()).toContainText('ConfigMap', patience)

  await enter(page, 'kubectl edit deploy/shop')
  await expect(tab('edit-deploy-shop.yaml')).toHaveAttribute('aria-selected', 'true', patience)
  await expect(page.locator('.monaco-editor .view-lines').first()).toContainText('Please edit the object', patience)
  await page.getByRole('button', { name: 'Cancel edit' }).click()
  await expect.poll(() => rowsOf(page), patience).toContain('Edit cancelled, no changes made.')
  await expect(tab('edit-deploy-shop.yaml')).toBeHidden()
  await expect(tab('shop.yaml')).toHaveAttribute('aria-selected', 'true')
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  test('an object is edited, refused with its reasons, and saved', async ({ page, open }) => {
    await open('#/cluster')
    await whenOpen(page)
    await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Terminal' }).tap()
    await type(page, 'kubectl create deployment web --image=nginx')
    await enter(page, 'kubectl edit deploy/web')
    const editor = page.getByRole('textbox', { name: 'Manifest' })
    const save = page.getByRole('button', { name: 'Save', exact: true })
    await expect(editor).toHaveValue(/Please edit the object below/, patience)
    await editor.fill((await editor.inputValue()).replace('replicas: 1', 'replicas: -1'))
    await save.tap()
    await expect(editor).toHaveValue(/# deployments\.apps "web" was not valid:\n# \* spec\.replicas: Invalid value: -1/)
    await editor.fill((await editor.inputValue()).replace('replicas: -1', 'replicas: 2'))
    await save.tap()
    await expect(save).toBeHidden()
    await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Terminal' }).tap()
    await expect
      .poll(() => rowsOf(page), patience)
      .toEqual(expect.arrayContaining(['error: deployments.apps "web" is invalid', 'deployment.apps/web edited']))
  })
})
