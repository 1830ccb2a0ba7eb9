import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { Pod } from '../../../../src/engine/api/index.ts'
import type { ContainerConfig, Mount } from '../../../../src/engine/node/runtime/runtime.ts'
import { exitOf, podOf, stage, type Stage } from './stage.ts'

const folder = '../shared/corpus/docs-examples'
const ranMs = 60_000

interface Example {
  readonly name: string
  readonly pod: Pod
  readonly container: Pod['spec']['containers'][number]
}

/** Every container of every manifest, with the pod it stands in. */
function examples(): Example[] {
  return filesBelow(folder).flatMap((path) => {
    const documents = parseAllDocuments(readFileSync(path, 'utf8')).map((one) => one.toJS() as unknown)
    return documents
      .flatMap((one) => podSpecs(one))
      .flatMap((spec, index) => {
        const pod = podOf(`${path.split('/').pop()!.replace(/\W/g, '-')}-${index}`, spec)
        return [...(spec.initContainers ?? []), ...spec.containers].map((container) => ({
          name: `${path.slice(folder.length + 1)} ${container.name}`,
          pod,
          container,
        }))
      })
  })
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return /\.ya?ml$/.test(path) ? [path] : []
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(`${path}/${name}`))
}

function podSpecs(value: unknown): Pod['spec'][] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(podSpecs)
  const own =
    'containers' in value &&
    Array.isArray(value.containers) &&
    value.containers.every((one) => (one as { image?: unknown })?.image)
      ? [value as unknown as Pod['spec']]
      : []
  return own.length > 0 ? own : Object.values(value).flatMap(podSpecs)
}

function configOf({ pod, container }: Example): ContainerConfig {
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, subPath }): Mount => ({
    path: mountPath,
    isReadOnly: false,
    storage: `${pod.metadata.uid}/${name}`,
    ...(subPath ? { subPath } : {}),
  }))
  const env = (container.env ?? []).map(({ name, value }) => ({ name, value: value ?? 'x' }))
  const { command, args } = container
  return {
    node: 'node-1',
    pod,
    podIP: '10.244.9.9',
    name: container.name,
    attempt: 0,
    image: container.image!,
    env: [...env, { name: 'JOB_COMPLETION_INDEX', value: '1' }],
    mounts,
    limits: {},
    stdin: false,
    tty: false,
    ...(command ? { command } : {}),
    ...(args ? { args } : {}),
  }
}

function play(on: Stage, example: Example): string {
  if (on.runtime.images.parseError(example.container.image!)) return 'bad image name'
  on.runtime.images.pull('node-1', example.container.image!, { to: 'test', token: example.name })
  on.sim.advanceTo(on.sim.now() + 40_000)
  const pulled = on.answers.find(({ token }) => token === example.name)!
  if (pulled.type === 'image.pullFailed') return `pull: ${String(pulled.message)}`
  const made = on.runtime.createContainer(configOf(example))
  if ('error' in made) return made.error
  const error = on.runtime.startContainer(made.id, { to: 'test', token: made.id })
  if (error) return error
  on.sim.advanceTo(on.sim.now() + ranMs)
  const end = exitOf(on, made.id)
  on.runtime.removeContainer(made.id)
  return `${end ? `exit ${end.code}` : 'runs'}`
}

describe.skipIf(!existsSync(folder))('commands of the documentation', () => {
  const results = existsSync(folder) ? examples().map((example) => [example, play(stage(), example)] as const) : []

  test('all play for a minute', () => {
    expect(results.length).toBeGreaterThan(200)
    if (process.env.SHOW_EXAMPLES)
      console.log(results.map(([{ name, container }, result]) => `${name} ${container.image}: ${result}`).join('\n'))
  })

  test.each([
    ['application/job/indexed-job.yaml input', 'exit 0'],
    ['application/job/cronjob.yaml hello', 'exit 0'],
    ['controllers/job.yaml pi', 'exit 0'],
    ['controllers/job-backoff-limit-per-index-failindex.yaml main', 'exit 42'],
    ['controllers/job-pod-failure-policy-failjob.yaml main', 'exit 42'],
    ['debug/counter-pod.yaml count', 'runs'],
    ['pods/probe/exec-liveness.yaml liveness', 'runs'],
    ['pods/restart-policy/restart-all-containers.yaml watcher-sidecar', 'exit 88'],
    ['application/mysql/mysql-statefulset.yaml init-mysql', 'exit 1'],
  ])('%s', (name, outcome) => {
    const found = results.find(([example]) => example.name.startsWith(name))
    expect(found?.[1]).toContain(outcome)
  })
})
