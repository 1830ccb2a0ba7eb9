import { expect, test } from 'vitest'
import { titleOf, unfinishedPart } from '../../../src/ui/views/terminal/shellText.ts'

test.each<[string, string | undefined]>([
  ['kubectl get pods', undefined],
  ["echo 'a", 'quote'],
  ["echo 'a\nb'", undefined],
  ['echo "a\\"', 'quote'],
  ['echo "a \\" b"', undefined],
  ["echo it\\'s", undefined],
  ['kubectl get \\', 'backslash'],
  ['kubectl get \\\npods', undefined],
  ['kubectl apply -f - <<EOF', 'hereDocument'],
  ["kubectl apply -f - <<'EOF'\nkind: Pod\n", 'hereDocument'],
  ['kubectl apply -f - <<EOF\nkind: "Pod\nEOF', undefined],
  ['cat <<-END\n\ta\n\tEND', undefined],
  ['cat <<-END\n\ta\n  END', 'hereDocument'],
  ['cat <<A <<B\n1\nA', 'hereDocument'],
  ['cat <<A <<B\n1\nA\n2\nB', undefined],
  ['cat <<EOF | sort\nb\nEOF\necho "x', 'quote'],
  ["echo a # it's fine", undefined],
  ['wc <<< word', undefined],
])('%j is open by: %s', (text, part) => {
  expect(unfinishedPart(text)).toBe(part)
})

test.each<[string, string | undefined]>([
  ['kubectl logs -f web', 'logs · web'],
  ['kubectl get pods -w', 'get · pods'],
  ['kubectl get pods --watch=true', 'get · pods'],
  ['kubectl logs web', undefined],
  ['sleep 5', undefined],
])('the tab of %j is %s', (line, title) => {
  expect(titleOf(line)).toBe(title)
})
