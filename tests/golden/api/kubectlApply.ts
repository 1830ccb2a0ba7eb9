import { createApi } from '../../../src/engine/apiserver/api.ts'
import type { Api, ApiRequest } from '../../../src/engine/api/index.ts'
import { run, splitWords } from '../../../src/kubectl/index.ts'
import type { Recording, Verdict } from './recordings.ts'
import { bareServer, isServed, normal, pathOf, readManifest, sortKeys, type Bare, type Thing } from './server.ts'

/** How `kubectl apply` merged: the patch it sent, what came of it, and its words. */
export interface KubectlCase extends Recording {
  readonly kind: string
  readonly created: string
  readonly manifest1: string
  readonly liveChange?: unknown
  readonly manifest2: string
  readonly patch: unknown
  readonly after: Thing
  readonly kubectl: {
    readonly command: string
    readonly stdout: string
    readonly stderr: string
    readonly code: number
  }
}

/** Plays one of them against a server alone. */
export function playKubectl(one: KubectlCase): Verdict {
  const { name, kind, created, manifest1, liveChange, manifest2, patch, after, kubectl } = one
  if (!isServed(kind)) return { name, is: 'skipped', why: `${kind} is not served` }
  const bare = bareServer()
  speak(bare, `${created} -f manifest.yaml`, manifest1)
  const object = readManifest(manifest1)
  const path = `${pathOf(object, 'default')}/${object.metadata.name}`
  if (liveChange !== undefined) bare.send('PATCH', path, liveChange, 'application/strategic-merge-patch+json')
  const { stdout, stderr, code, sent } = speak(bare, kubectl.command, manifest2)
  const got = {
    patch: sortKeys(sent.find(({ verb }) => verb === 'patch')?.body ?? null),
    after: shown(bare.send('GET', path).body as Thing),
    kubectl: { stdout, stderr: stderr.trimEnd(), code },
  }
  const expected = {
    patch: sortKeys(patch),
    after: shown(after),
    kubectl: { stdout: kubectl.stdout, stderr: kubectl.stderr.trimEnd(), code: kubectl.code },
  }
  return JSON.stringify(got) === JSON.stringify(expected)
    ? { name, is: 'passed' }
    : { name, is: 'failed', expected, got }
}

function speak({ sim, server }: Bare, command: string, manifest: string) {
  const sent: ApiRequest[] = []
  const real = createApi(sim, server, { name: 'admin', groups: ['system:masters'] })
  const request: Api['request'] = (each) => {
    sent.push(each)
    return real.request(each)
  }
  let [stdout, stderr] = ['', '']
  const io = {
    readFile: (path: string) => (path === 'manifest.yaml' ? manifest : undefined),
    listFiles: () => undefined,
    out: (text: string) => void (stdout += text),
    err: (text: string) => void (stderr += text),
  }
  const code = run(splitWords(command).slice(1), { api: { ...real, request }, now: () => sim.now(), io })
  return { stdout, stderr, code, sent }
}

function shown({ status: _status, ...object }: Thing): unknown {
  const metadata = { ...object.metadata } as Record<string, unknown>
  for (const field of ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields']) delete metadata[field]
  return normal({ ...object, metadata })
}
