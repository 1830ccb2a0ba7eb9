import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { createSession, formatScene } from '#session'
import type { Scene, Session } from '#session'
import { expect, test } from './harness.ts'
import { deployment, service } from './workbench.ts'

const apply = (text: string) => ({ argv: ['apply', '-f', '-'], stdin: text, files: {} })

/** A little of everything that takes time: scheduling, probes, a rollout, faults, traffic, a script, a job. */
const scene: Scene = {
  version: 1,
  seed: 20_240_607,
  nodes: 4,
  files: {},
  at: 600_000,
  inputs: [
    { at: 1_500, do: 'kubectl', ...apply(`${service('web')}---\n${deployment('web', 5, 'nginx:1.27')}`) },
    {
      at: 3_250.5,
      do: 'kubectl',
      argv: ['create', 'job', 'pi', '--image=busybox', '--', 'sh', '-c', 'sleep 7; date'],
      files: {},
    },
    { at: 20_000, do: 'fault', fault: { kind: 'load', name: 'users', url: 'http://web', rps: 120 } },
    { at: 40_000, do: 'kubectl', argv: ['set', 'image', 'deployment/web', 'main=nginx:1.28'], files: {} },
    {
      at: 41_000,
      do: 'kubectl',
      argv: ['run', 'loop', '--image=busybox', '--', 'sh', '-c', 'sleep 3; exit 1'],
      files: {},
    },
    { at: 90_000, do: 'fault', fault: { kind: 'nodePower', node: 'node-2', on: false } },
    { at: 200_000, do: 'kubectl', argv: ['scale', 'deployment/web', '--replicas=12'], files: {} },
    { at: 460_000, do: 'fault', fault: { kind: 'nodePower', node: 'node-2', on: true } },
    { at: 500_000, do: 'kubectl', argv: ['drain', 'node-1', '--ignore-daemonsets', '--force'], files: {} },
  ],
}

test('the same scene has the same trace in Node and in the browser, whichever way it is played', async ({
  page,
  open,
}) => {
  const workers: string[] = []
  page.on('worker', (worker) => workers.push(worker.url()))
  await open('#/cluster')
  await expect.poll(() => workers.find((url) => /worker/.test(url) && !/yaml|editor/.test(url))).toBeTruthy()
  const engine = workers.find((url) => /worker/.test(url) && !/yaml|editor/.test(url))!

  const session = createSession({ cluster: { seed: scene.seed, nodes: scene.nodes }, inputs: scene.inputs })
  session.advanceTo(scene.at)
  const { trace } = session.cluster()
  expect(trace.count()).toBeGreaterThan(500)
  const expected = hashOf(session)

  const [whole, stepped, rewound] = await playInPage(page, engine, formatScene(scene), scene.at)
  expect(whole, 'played at once').toBe(expected)
  expect(stepped, 'played in slices').toBe(expected)
  expect(rewound, 'played again after a rewind').toBe(expected)
})

function hashOf(session: Session): string {
  const hash = createHash('sha256')
  for (const record of session.cluster().trace.since(0)) hash.update(`${JSON.stringify(record)}\n`)
  return hash.digest('hex')
}

/** Asks an engine's worker of its own, by the messages that comlink sends: its hash at the end, played in three ways. */
function playInPage(page: Page, engine: string, link: string, end: number): Promise<readonly string[]> {
  return page.evaluate(
    async ({ engine, link, end }) => {
      const worker = new Worker(engine, { type: 'module' })
      const { port1, port2 } = new MessageChannel()
      worker.postMessage({ type: 'door', port: port2 }, [port2])
      const call = (name: string, ...given: unknown[]) =>
        new Promise<unknown>((done, fail) => {
          const id = crypto.randomUUID()
          const listen = ({ data }: MessageEvent<{ id: string; type: string; value: unknown }>) => {
            if (data.id !== id) return
            port1.removeEventListener('message', listen)
            if (data.type === 'RAW') done(data.value)
            else fail(new Error(`${name}: ${JSON.stringify(data.value)}`))
          }
          port1.addEventListener('message', listen)
          port1.postMessage({
            id,
            type: 'APPLY',
            path: [name],
            argumentList: given.map((value) => ({ type: 'RAW', value })),
          })
        })
      port1.start()
      const hash = async () => String(await call('hash'))
      const open = async (at: number) => {
        const problem = await call('open', { link: JSON.stringify({ ...JSON.parse(link), at }) })
        if (problem) throw new Error(JSON.stringify(problem))
      }
      try {
        await call('play', false) // before the scene is there, or it would run on past its moment
        await open(end)
        const whole = await hash()
        await open(0)
        for (let at = 0; at <= end; at += 7_777) await call('seek', at)
        await call('seek', end)
        const stepped = await hash()
        for (const at of [91_000, 33_333, 250_000, end]) await call('seek', at)
        return [whole, stepped, await hash()]
      } finally {
        worker.terminate()
      }
    },
    { engine, link, end },
  )
}
