import { describe, expect, test } from 'vitest'
import { ProtobufError, readProtobuf } from '../../src/headless/serve/protobuf.ts'

type Part = readonly [number: number, value: string | bigint | Buffer]

function varint(value: bigint): number[] {
  const bytes: number[] = []
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    if (rest <= 0x7fn) return bytes
  }
}

function message(...parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map(([number, value]) => {
      if (typeof value === 'bigint') return Buffer.from([...varint(BigInt(number) << 3n), ...varint(value)])
      const bytes = Buffer.from(value)
      return Buffer.from([...varint((BigInt(number) << 3n) | 2n), ...varint(BigInt(bytes.length)), ...bytes])
    }),
  )
}

const enveloped = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
  Buffer.concat([Buffer.from('k8s\0', 'latin1'), message([1, message([1, apiVersion], [2, kind])], [2, raw])])

describe("Kubernetes' protobuf", () => {
  test('strings, maps, numbers and lists', () => {
    const metadata = message(
      [1, 'web'],
      [3, 'default'],
      [11, message([1, 'app'], [2, 'web'])],
      [11, message([1, 'b'], [2, ''])],
    )
    const port = message([1, 'http'], [3, 8080n], [4, message([1, 1n], [2, 0n], [3, 'web'])])
    const spec = message(
      [1, port],
      [1, message([3, 81n], [4, message([1, 0n], [2, 8081n], [3, ''])])],
      [3, '10.96.0.9'],
    )
    expect(readProtobuf(enveloped('v1', 'Service', message([1, metadata], [2, spec])))).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default', labels: { app: 'web', b: '' } },
      spec: {
        ports: [
          { name: 'http', port: 8080, targetPort: 'web' },
          { port: 81, targetPort: 8081 },
        ],
        clusterIP: '10.96.0.9',
      },
    })
  })

  test('embedded structs stand among the fields of their owner; quantities, times and bytes have their form', () => {
    const limits = message([1, message([1, 'cpu'], [2, message([1, '100m'])])])
    const probe = message([1, message([3, message([1, message([1, 0n], [2, 80n])])])], [2, -1n])
    const container = message([1, 'c'], [8, limits], [10, probe])
    const volume = message([1, 'v'], [2, message([2, Buffer.alloc(0)])])
    const spec = message([1, volume], [2, container])
    const metadata = message([8, message([1, BigInt(Date.UTC(2026, 8, 1, 8, 0, 5)) / 1000n])], [9, message()])
    expect(readProtobuf(enveloped('v1', 'Pod', message([1, metadata], [2, spec])))).toMatchObject({
      metadata: { creationTimestamp: '2026-09-01T08:00:05Z' },
      spec: {
        volumes: [{ name: 'v', emptyDir: {} }],
        containers: [
          {
            name: 'c',
            resources: { limits: { cpu: '100m' } },
            livenessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: -1 },
          },
        ],
      },
    })
    const secret = message([2, message([1, 'a'], [2, Buffer.from([0, 255])])])
    expect(readProtobuf(enveloped('v1', 'Secret', secret))).toMatchObject({ data: { a: 'AP8=' } })
  })

  test.each([
    ['no envelope', Buffer.from('{}')],
    ['an unknown kind', enveloped('v1', 'Cake', message())],
    ['a length beyond the end', enveloped('v1', 'Pod', Buffer.from([0x0a, 0x7f, 1]))],
    ['a number that never ends', enveloped('v1', 'Pod', Buffer.alloc(20, 0xff))],
  ])('%s is refused', (_, body) => {
    expect(() => readProtobuf(body)).toThrow(ProtobufError)
  })
})
