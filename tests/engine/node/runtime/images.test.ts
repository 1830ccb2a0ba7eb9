import { describe, expect, test } from 'vitest'
import { createCatalogue } from '../../../../src/engine/node/runtime/images/catalogue.ts'
import { images } from '../../../../src/engine/node/runtime/images/index.ts'
import { parseReference } from '../../../../src/engine/node/runtime/images/reference.ts'
import { findTool } from '../../../../src/engine/node/runtime/tools/index.ts'
import { stage } from './stage.ts'

describe('names', () => {
  test.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['polinux/stress', 'docker.io/polinux/stress:latest'],
    ['docker.io/redis', 'docker.io/library/redis:latest'],
    ['localhost:5000/app', 'localhost:5000/app:latest'],
    ['registry.k8s.io/pause:3.9', 'registry.k8s.io/pause:3.9'],
    [`redis@sha256:${'a'.repeat(64)}`, `docker.io/library/redis@sha256:${'a'.repeat(64)}`],
  ])('%s', (image, full) => expect(parseReference(image)).toMatchObject({ full }))

  test.each([
    ['', 'invalid reference format'],
    ['nginx:', 'invalid reference format'],
    ['a b', 'invalid reference format'],
    ['NGINX', 'invalid reference format: repository name (library/NGINX) must be lowercase'],
  ])('refuses %j', (image, words) => expect(parseReference(image)).toBe(words))
})

describe('registries', () => {
  const catalogue = createCatalogue()
  const refusal = (image: string) => {
    const reference = parseReference(image)
    if (typeof reference === 'string') throw new Error(reference)
    return catalogue.refusal(reference)
  }

  test.each([
    'nginx',
    'nginx:1.14.2',
    'nginx:1.16.1',
    'nginx:1.29-alpine',
    'redis:7.2',
    'redis:8.0.2',
    'busybox:1.28',
    'busybox:1.37',
    'postgres:17',
    'mysql:5.7',
    'mysql:9',
    'mongo:4.2',
    'python:3.12-slim',
    'node:22-alpine',
    'perl:5.34',
    'ubuntu:24.04',
    'debian:stable',
    'bash:5',
    'httpd:2.4',
    'alpine:3',
    'wordpress:6.2.1-apache',
    'dock.test/ui:1.2-mute',
    'example.com/shop/api:3',
    'myuser/myapp:v1',
    'gcr.io/google-samples/hello-app:1.0',
  ])('%s exists', (image) => expect(refusal(image)).toBeUndefined())

  test.each(
    [
      'nginx:nope',
      'nginx:1.161',
      'nginx:1.91',
      'busybox:nix',
      'redis:99',
      'dock.test/ui:1.O',
      'dock.test/ui:9.9',
      'dock.test/boat:1.0',
      'hello-app:v1',
    ].filter((image) => image !== 'hello-app:v1'),
  )('%s does not', (image) => {
    const full = (parseReference(image) as { full: string }).full
    expect(refusal(image)).toEqual({
      code: 'NotFound',
      message: `failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${full}: not found`,
    })
  })

  test.each([
    'ngnix',
    'nginxx:1.27',
    'rediss',
    'busybxo',
    'postgress:17',
    'does-not-exist',
    'non-existing-repo/non-existing-image:example',
  ])('%s is denied', (image) => {
    expect(refusal(image)).toMatchObject({
      code: 'Unknown',
      message: expect.stringContaining(
        'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      ) as unknown,
    })
  })

  test('a pull takes as long as the image is large, and fails while the registry is down', () => {
    const on = stage()
    const { images: store } = on.runtime
    store.pull('node-1', 'nginx', { to: 'test', token: 'a' })
    store.pull('node-1', 'busybox', { to: 'test', token: 'b' })
    on.sim.advanceTo(10_000)
    expect(on.answers.map(({ token, type }) => [token, type])).toEqual([
      ['b', 'image.pulled'],
      ['a', 'image.pulled'],
    ])
    expect(on.answers[1]).toMatchObject({ sizeBytes: 72_950_530, image: 'nginx' })
    expect([store.has('node-1', 'docker.io/library/nginx:latest'), store.has('node-2', 'nginx')]).toEqual([true, false])
    expect(store.describe('node-1', 'nginx')).toMatchObject({
      reference: 'docker.io/library/nginx:latest',
      digest: expect.stringMatching(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/) as unknown,
    })
    store.setRegistry(false)
    store.pull('node-1', 'httpd', { to: 'test', token: 'c' })
    on.sim.advanceTo(60_000)
    expect(on.answers[2]).toMatchObject({
      type: 'image.pullFailed',
      message: expect.stringContaining('i/o timeout') as unknown,
    })
  })
})

test('every program of the catalogue has a tool', () => {
  const catalogue = createCatalogue()
  for (const image of images) {
    const reference = parseReference(`${image.names[0]}:latest`)
    if (typeof reference === 'string') throw new Error(reference)
    for (const [path, node] of catalogue.build(reference).files) {
      if (node.kind === 'file' && node.program !== undefined)
        expect(findTool(node.program), `${image.names[0]} ${path}`).toBeDefined()
    }
  }
})
