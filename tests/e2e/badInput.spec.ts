import { expect, test } from './harness.ts'
import { applyManifest, deployment, openManifest, tilesOf, type, whenOpen } from './workbench.ts'

const mistyped = deployment('web', 2).replace('  replicas: 2', '  replcas: 2')
const mistypedAt = mistyped.split('\n').findIndex((line) => line.includes('replcas')) + 1

test('a mistyped field is an error at its line, in the same words as in the terminal, and changes nothing', async ({
  page,
  open,
}) => {
  await open('#/cluster')
  await whenOpen(page)
  await openManifest(page, 'mistyped.yaml', mistyped)
  const result = await applyManifest(page)
  const words = /unknown field "spec\.replcas"/
  await expect(result.getByRole('button', { name: words })).toContainText(`line ${mistypedAt}`)
  await expect(tilesOf(page, 'web', '')).toHaveCount(0)

  const shown = (await result.getByRole('button', { name: words }).innerText()).replace(/\s*line \d+$/, '')
  const printed = await type(page, `kubectl apply -f - <<'EOF'\n${mistyped}EOF`)
  expect(wordsAlone(printed)).toBe(wordsAlone(shown))
  expect(await type(page, 'kubectl get deployments')).toBe('No resources found in default namespace.')
})

test('what is not YAML is said so, and the page goes on', async ({ page, open }) => {
  await open('#/cluster')
  await whenOpen(page)
  await openManifest(page, 'torn.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [a\ndata: {\n')
  const result = await applyManifest(page)
  await expect(result.getByRole('button', { name: /line \d+$/ }).first()).toBeVisible()
  expect(await type(page, 'kubectl get configmaps -o name')).toBe('configmap/kube-root-ca.crt')
  expect(await type(page, 'kubectl frobnicate')).toContain('unknown command "frobnicate"')
})

/** Without what names the file, and without line ends where the terminal folds. */
function wordsAlone(text: string): string {
  return text.replaceAll(/"[^"]*\.yaml"|"STDIN"/g, 'FILE').replaceAll(/\s+/g, '')
}
