import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createSession, viewOf, type Session } from '/work/main/src/session/index.ts'
const root = '/work/shared/corpus/docs-examples'
const walk = (d: string): string[] => readdirSync(d).flatMap(n => statSync(join(d, n)).isDirectory() ? walk(join(d, n)) : [join(d, n)])
const all = walk(root).filter(f => /\.(yaml|json)$/.test(f))
const pick = process.argv[2]
function k(session: Session, argv: string[], files: Record<string, string>) {
  let out = '', err = ''
  const t = performance.now()
  try {
    const r = session.kubectl({ argv, files: viewOf(files) }, { out: s => void (out += s), err: s => void (err += s) })
    const limit = session.now() + 120_000
    while (!r.isDone() && session.now() < limit) session.advanceTo(session.now() + 100)
    const hung = !r.isDone()
    if (hung) r.stop()
    const ms = performance.now() - t
    return { out, err, code: r.code(), hung, ms }
  } catch (e) { return { out, err, code: -1, hung: false, ms: performance.now() - t, ex: e as Error } }
}
const exs = new Map<string, string[]>()
const errs = new Map<string, string[]>()
const t0 = performance.now()
for (const f of all) {
  const name = f.slice(root.length + 1)
  if (pick && !name.includes(pick)) continue
  const t = performance.now()
  const note = (m: Map<string, string[]>, s: string) => m.set(s, [...(m.get(s) ?? []), name])
  const session = createSession({ cluster: { seed: 1, nodes: 3 } })
  const files = { 'x.yaml': readFileSync(f, 'utf8') }
  const say = (what: string, r: ReturnType<typeof k>) => {
    if (pick) console.log(`$ ${what}\n${r.out}${r.err}= ${r.code} ${r.ms.toFixed(0)}ms ${r.hung ? 'HUNG' : ''} ${r.ex?.stack ?? ''}`)
    if (r.ex) note(exs, `${what}: ${r.ex.name}: ${r.ex.message}\n${(r.ex.stack ?? '').split('\n').slice(1, 5).join('\n')}`)
    if (r.hung) note(exs, `${what} HUNG`)
    if (r.err && what === 'apply') note(errs, r.err.trim().replaceAll('\n', '\n   ').slice(0, 400))
  }
  session.advanceTo(2000)
  const ap = k(session, ['apply', '-f', 'x.yaml'], files); say('apply', ap)
  try { session.advanceTo(session.now() + 120_000) } catch (e) { note(exs, `advance ${(e as Error).stack?.split('\n').slice(0, 6).join('\n')}`); continue }
  say('getall', k(session, ['get', 'all', '-A'], files))
  for (const line of ap.out.split('\n')) { const m = /^(\S+) (created|configured|unchanged)/.exec(line); if (m) {
     const ns = /namespace: *(\S+)/.exec(files['x.yaml'])?.[1]
     const d = k(session, ['describe', m[1]!, ...(ns ? ['-n', ns] : [])], files); say('describe', d); if (d.code) note(exs, 'describe failed ' + d.err)
     const y = k(session, ['get', m[1]!, '-o', 'yaml', ...(ns ? ['-n', ns] : [])], files); say('getyaml', y) } }
  const d = k(session, ['delete', '-f', 'x.yaml'], files); say('delete', d)
  try { session.advanceTo(session.now() + 60_000) } catch (e) { note(exs, `advance2 ${(e as Error).stack?.split('\n').slice(0, 6).join('\n')}`); continue }
  const ms = performance.now() - t
  if (ms > 700) console.log('SLOW', name, ms.toFixed(0))
}
console.log('TOTAL', all.length, (performance.now() - t0).toFixed(0))
console.log('=== EXCEPTIONS'); for (const [e, n] of exs) console.log(`[${n.length}] ${n.slice(0, 3).join(' ')}\n   ${e}`)
if (!pick || process.argv[3]) { console.log('=== ERRS'); for (const [e, n] of [...errs].sort((a, b) => b[1].length - a[1].length)) console.log(`[${n.length}] ${n.slice(0, 3).join(' ')}\n   ${e}`) }
