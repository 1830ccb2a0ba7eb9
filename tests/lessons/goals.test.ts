import { describe, expect, test } from 'vitest'
import { playerFor } from '../../src/headless/lesson.ts'
import {
  createLessonRun,
  parseLesson,
  perform,
  setTheScene,
  type LessonRun,
  type Player,
} from '../../src/lessons/index.ts'

const files = `
\`\`\`yaml file=web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: ui, image: 'dock.test/ui:1.0' }] }
\`\`\`
`

/** A cluster with the Deployment `web`, and a step with this goal begun on it. */
function begun(
  goal: string,
  hold = '5s',
  rest = '',
  ready?: Player,
): { run: LessonRun; player: Player; advance: (ms: number) => void } {
  const text = `---\ntitle: T\ncluster: { nodes: 2 }\nstart: [web.yaml]\n---\n${files}\n## S {#s}\n\`\`\`goal hold=${hold}\n${goal}\n\`\`\`\n${rest}`
  const lesson = parseLesson(text, { id: 't', course: 'T' })
  const player = ready ?? playerFor(lesson)
  if (ready === undefined) setTheScene(lesson, player)
  const run = createLessonRun(lesson, player.cluster)
  player.attend({ wakeAt: run.lookAt, wake: () => void run.look() })
  run.begin(0)
  return { run, player, advance: (ms) => player.advanceTo(player.cluster().control.now() + ms) }
}

describe('clauses', () => {
  const { player: quiet } = begun('true')

  test.each<[string, boolean, string, string]>([
    ['deploy("web").status.readyReplicas == 2', true, '2', '2'],
    ['deploy("web").status.readyReplicas == 3', false, '2', '3'],
    ['deploy("web").spec.replicas + 1 >= 4', false, '3', 'at least 4'],
    ['deploy("none").spec.replicas == 3', false, 'nothing yet', '3'],
    ['deploy("web").spec.nothing.here == 3', false, 'nothing yet', '3'],
    ['pod("none") == null', true, 'nothing', 'nothing'],
    ['svc("web") != null', false, 'nothing', 'not nothing'],
    ['isReady(pod("none"))', false, 'no', 'yes'],
    ['settled(deploy("web"))', true, 'yes', 'yes'],
    ['ready("app=web") == 2', true, '2', '2'],
    ['pods("app=web").all(p, isReady(p) && ownedBy(p, "Deployment", "web"))', true, '2 of 2', 'all'],
    ['pods("app=web").exists(p, p.spec.nodeName == "nowhere")', false, '0 of 2', 'at least one'],
    ['list("Node").all(n, cond(n, "Ready").status == "True")', true, '2 of 2', 'all'],
    ['cond(deploy("web"), "Odd").reason == ""', true, 'an empty text', 'an empty text'],
    [
      'uids(pods("app=web")) == uids(was.list("Pod", "app=web"))',
      true,
      expect.any(String) as never,
      expect.any(String) as never,
    ],
    ['"replicas" in deploy("web").spec', true, 'yes', 'yes'],
    ['"paused" in deploy("web").spec', false, 'no', 'yes'],
    ['deploy("web").spec.replicas in [3, 4]', false, '2', 'one of 3, 4'],
    [
      'pods("app=web")[0].metadata.uid == deploy("web").metadata.uid',
      false,
      expect.stringMatching(/^[0-9a-f]{8}…$/) as never,
      expect.stringMatching(/^[0-9a-f]{8}…$/) as never,
    ],
    ['component("kube-scheduler")', true, 'yes', 'yes'],
    ['reach("quay", "http://web/") == "ok"', false, 'nxdomain', 'ok'],
    ['events("Scheduled").size() == 0', true, '0', '0'],
    ['traffic("users").sent == 0', true, '0', '0'],
    ['cost().perHour == 0 && cost().spent == 0.0', true, '0', '0'],
    ['machines("small") == 0', true, '0', '0'],
    [
      'decision(pods("app=web")[0].metadata.name).node == pods("app=web")[0].spec.nodeName',
      true,
      expect.any(String) as never,
      expect.any(String) as never,
    ],
    ['decision("none") == null', true, 'nothing', 'nothing'],
    ['decision("none", "prod").evaluated == 1', false, 'nothing yet', '1'],
    ['now > 0', true, expect.any(String) as never, 'more than 0'],
    ['get("NoSuchKind", "x") == null', true, 'nothing', 'nothing'],
  ])('%s', (goal, isMet, sees, wants) => {
    const [verdict] = begun(goal, '5s', '', quiet).run.look().verdicts
    expect(verdict).toMatchObject({ isMet, sees, wants })
  })

  test('tell how near they are', () => {
    const { run } = begun('ready("app=web") == 8', '5s', '', quiet)
    expect(run.look().verdicts[0]!.fraction).toBe(0.25)
  })

  test('where fewer is wanted nobody can tell how near it is', () => {
    const { run } = begun('ready("app=web") == 1\nready("app=web") <= 1\nready("app=web") < 2')
    expect(run.look().verdicts.map(({ isMet, fraction }) => [isMet, fraction])).toEqual([
      [false, 0],
      [false, 0],
      [false, 0],
    ])
  })

  test('follow what happens in the step', () => {
    const { run, player, advance } = begun(
      'seen("write", {"kind": "ConfigMap", "by": "learner"}).size() == 1\nevents("Killing").size() > 0',
    )
    expect(run.look().verdicts.map(({ isMet }) => isMet)).toEqual([false, false])
    perform('kubectl create configmap a', player)
    perform('kubectl delete $(kubectl get pods -o name | head -n 1)', player)
    advance(1000)
    expect(run.look().verdicts.map(({ isMet }) => isMet)).toEqual([true, true])
  })

  test('are not evaluated for ever', () => {
    const pods = 'list("Pod")'
    const { run } = begun(
      `${pods}.all(a, ${pods}.all(b, ${pods}.all(c, list("Event").size() < 0 || list("Event").size() >= 0)))`,
    )
    expect(run.look().verdicts).toHaveLength(1)
  })
})

describe('a step', () => {
  test('is done when its goal has held, counted from the moment it became true', () => {
    const { run, player, advance } = begun('cm("a") != null', '10s')
    advance(2_000)
    perform('kubectl create configmap a', player)
    const at = player.cluster().control.now()
    advance(60_000)
    expect(run.stepProgress()).toMatchObject({ metSince: at, doneAt: at + 10_000 })
  })

  test('begins its hold again after a break', () => {
    const { run, player, advance } = begun('cm("a") != null', '10s')
    perform('kubectl create configmap a', player)
    advance(5_000)
    perform('kubectl delete configmap a', player)
    advance(1_000)
    expect(run.stepProgress()!.metSince).toBeUndefined()
    perform('kubectl create configmap a', player)
    advance(9_000)
    expect(run.stepProgress()!.doneAt).toBeUndefined()
    advance(2_000)
    expect(run.stepProgress()!.doneAt).toBeDefined()
  })

  test('remembers when a never was broken, by which record, and goes on', () => {
    const { run, player, advance } = begun('cm("a") != null\nnever: ready("app=web") < 2 // a Pod was missing')
    advance(1_000)
    perform('kubectl delete $(kubectl get pods -o name | head -n 1)', player)
    perform('kubectl create configmap a', player)
    advance(30_000)
    const { broken, doneAt } = run.stepProgress()!
    expect(doneAt).toBeDefined()
    const record = player.cluster().trace.at(broken[1]!.seq)
    expect(player.cluster().trace.causes(record!.seq).at(-1)).toMatchObject({ actor: 'you', what: 'kubectl' })
  })

  test('says what a wrong attempt needs, once', () => {
    const wrong = '```wrong\nwhen: deploy("web").spec.replicas == 0\nsay: None is too few.\n```\n'
    const { run, player, advance } = begun('cm("a") != null', '5s', wrong)
    perform('kubectl scale deployment web --replicas=0', player)
    advance(100)
    perform('kubectl scale deployment web --replicas=2', player)
    advance(100)
    expect(run.stepProgress()!.said).toEqual([0])
  })
})
