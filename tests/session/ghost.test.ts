import { expect, test } from 'vitest'
import { createSession, ghostOf, viewOf, type Session } from '#session'

function started(): Session {
  const session = createSession({ cluster: { nodes: 2 } })
  session.advanceTo(30_000)
  return session
}
const pods = (session: Pick<Session, 'cluster'>): number =>
  session.cluster().api.list('Pod', { namespace: 'default' }).length

test('a ghost runs ahead, and nothing real knows of it', () => {
  const session = started()
  const before = { count: session.cluster().trace.count(), inputs: session.inputs().length, now: session.now() }
  const ghost = ghostOf(session, [{ argv: ['create', 'deployment', 'web', '--image=nginx', '--replicas=3'] }], 60_000)
  expect(ghost).toMatchObject({ isOk: true, out: 'deployment.apps/web created\n' })
  expect(pods({ cluster: () => ghost.cluster })).toBe(3)
  expect(ghost.afterMs).toBeGreaterThan(1_000)
  expect(pods(session)).toBe(0)
  expect({ count: session.cluster().trace.count(), inputs: session.inputs().length, now: session.now() }).toEqual(
    before,
  )
})

test('what is refused runs nothing ahead', () => {
  const files = viewOf({ 'a.yaml': 'kind: Pod' })
  const ghost = ghostOf(started(), [{ argv: ['apply', '-f', 'a.yaml'], files }], 60_000)
  expect(ghost).toMatchObject({ isOk: false, afterMs: 0 })
  expect(ghost.err).toContain('error')
})

test('the same ghost twice is the same', () => {
  const session = started()
  const names = (): readonly string[] => {
    const { cluster } = ghostOf(session, [{ argv: ['run', 'a', '--image=nginx'] }], 20_000)
    return [...cluster.trace.since(0)].map(({ what, object, at }) => `${at} ${what} ${object}`)
  }
  expect(names()).toEqual(names())
})
