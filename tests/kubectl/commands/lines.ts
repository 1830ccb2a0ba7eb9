import { createCluster } from '../../../src/engine/index.ts'
import { createSession, run, splitWords } from '../../../src/kubectl/index.ts'

/** What lines, parted by `&&`, print on one cluster with one node on which nothing acts but time; the last exit code with it. */
export function typed(
  text: string,
  files: Readonly<Record<string, string>> = {},
): { readonly text: string; readonly code: number | undefined } {
  const { api, http, openHttp, control, nodes } = createCluster({ nodes: 1, addOns: false })
  control.advanceTo(5_000)
  const session = createSession()
  let printed = ''
  let code: number | undefined
  const say = (part: string): void => void (printed += part)
  const io = { readFile: (path: string) => files[path], listFiles: () => undefined, out: say, err: say }
  for (const line of text.split(' && ')) {
    const result = run(splitWords(line).slice(1), { api, http, openHttp, now: control.now, nodes, session, io })
    code = typeof result === 'number' ? result : undefined
    for (let waited = 0; typeof result !== 'number' && code === undefined && waited < 60_000; waited += 100) {
      control.advanceTo(control.now() + 100)
      code = result.poll()
    }
  }
  return { text: printed.trimEnd(), code }
}
