import { epochMs, formatMicroTime, formatTime } from '#engine'
import { messages } from './messages.ts'

interface Field {
  readonly name: string
  readonly type: string
  readonly shape: 'one' | 'many' | 'map'
  /** its fields stand among those of its owner */
  readonly isEmbedded: boolean
}

type Message = ReadonlyMap<number, Field>
type Json = Record<string, unknown>

/** A body that is no Kubernetes protobuf. */
export class ProtobufError extends Error {
  override name = 'ProtobufError'
}

const magic = Buffer.from('k8s\0', 'latin1')

/** Reads an object from Kubernetes' envelope, as the JSON it stands for. */
// upstream: staging/src/k8s.io/apimachinery/pkg/runtime/serializer/protobuf
export function readProtobuf(body: Buffer): Json {
  if (!body.subarray(0, 4).equals(magic))
    throw new ProtobufError('provided data does not appear to be a protobuf message')
  const envelope = fieldsOf(body.subarray(4))
  const type = fieldsOf(bytesOf(envelope, 1))
  const apiVersion = bytesOf(type, 1).toString('utf8')
  const kind = bytesOf(type, 2).toString('utf8')
  const name = nameOf(apiVersion, kind)
  if (!table().has(name)) throw new ProtobufError(`no protobuf form is known of ${apiVersion}, Kind=${kind}`)
  return { apiVersion, kind, ...objectOf(name, bytesOf(envelope, 2)) }
}

function nameOf(apiVersion: string, kind: string): string {
  if (kind === 'DeleteOptions') return 'meta.DeleteOptions'
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion]
  const part = group.split('.')[0]!
  return `${version === 'v1' ? part : part + version}.${kind}`
}

let known: ReadonlyMap<string, Message> | undefined

function table(): ReadonlyMap<string, Message> {
  known ??= new Map(messages.trim().split('\n').map(readMessage))
  return known
}

function readMessage(line: string): readonly [string, Message] {
  const [name = '', ...fields] = line.split(' ')
  return [name, new Map(fields.filter((text) => text !== '').map(readField))]
}

function readField(text: string): readonly [number, Field] {
  const [name = '', number, code = ''] = text.split(':')
  const shape = code.startsWith('[]') ? 'many' : code.startsWith('{}') ? 'map' : 'one'
  const isEmbedded = name.startsWith('~')
  return [
    Number(number),
    { name: name.replace('~', ''), type: shape === 'one' ? code : code.slice(2), shape, isEmbedded },
  ]
}

/** One field as it stands on the wire. */
interface Raw {
  readonly number: number
  readonly value: bigint | Buffer
}

const depthMax = 60

function objectOf(type: string, bytes: Buffer, depth = 0): Json {
  if (depth > depthMax) throw new ProtobufError('too deep')
  const object: Json = {}
  const message = table().get(type) ?? new Map<number, Field>()
  for (const { number, value } of fieldsOf(bytes)) {
    const field = message.get(number)
    if (field === undefined) continue // of a later version
    const { name, shape, isEmbedded } = field
    if (shape === 'map') {
      const entry = fieldsOf(value as Buffer)
      const key = bytesOf(entry, 1).toString('utf8')
      object[name] = { ...(object[name] as Json | undefined), [key]: read(field.type, valueOf(entry, 2), depth) }
    } else if (shape === 'many')
      object[name] = [...((object[name] as unknown[] | undefined) ?? []), ...items(field.type, value, depth)]
    else if (isEmbedded) Object.assign(object, objectOf(field.type, value as Buffer, depth + 1))
    else {
      const found = read(field.type, value, depth)
      if (found !== undefined) object[name] = found
    }
  }
  return object
}

/** Numbers of one list may come packed together. */
function items(type: string, value: Raw['value'], depth: number): readonly unknown[] {
  if (type !== 'i' || typeof value === 'bigint') return [read(type, value, depth)]
  const found: unknown[] = []
  for (let at = 0; at < value.length;) {
    const [number, next] = varint(value, at)
    found.push(Number(BigInt.asIntN(64, number)))
    at = next
  }
  return found
}

function read(type: string, value: Raw['value'] | undefined, depth: number): unknown {
  if (type === 'i') return typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0
  if (type === 'b') return value === 1n
  const bytes = Buffer.isBuffer(value) ? value : Buffer.alloc(0)
  if (type === 'd') return bytes.length === 8 ? bytes.readDoubleLE() : 0
  if (type === 's') return bytes.toString('utf8')
  if (type === 'y') return bytes.toString('base64')
  const form = forms[type]
  if (form !== undefined) return form(fieldsOf(bytes))
  const object = objectOf(type, bytes, depth + 1)
  return type.endsWith('.ExtraValue') ? (object['items'] ?? []) : object
}

/** Types that have a form of their own in JSON. */
const forms: Readonly<Record<string, (fields: readonly Raw[]) => unknown>> = {
  'resource.Quantity': (fields) => bytesOf(fields, 1).toString('utf8'),
  'intstr.IntOrString': (fields) =>
    valueOf(fields, 1) === 1n ? bytesOf(fields, 3).toString('utf8') : Number(BigInt.asIntN(64, numberOf(fields, 2))),
  'meta.Time': (fields) => (fields.length === 0 ? undefined : formatTime(millisOf(fields))),
  'meta.MicroTime': (fields) => (fields.length === 0 ? undefined : formatMicroTime(millisOf(fields))),
  'meta.FieldsV1': (fields) => JSON.parse(bytesOf(fields, 1).toString('utf8') || '{}') as unknown,
  'runtime.RawExtension': (fields) => JSON.parse(bytesOf(fields, 1).toString('utf8') || 'null') as unknown,
}

function millisOf(fields: readonly Raw[]): number {
  return Number(BigInt.asIntN(64, numberOf(fields, 1))) * 1000 + Number(numberOf(fields, 2)) / 1e6 - epochMs
}

function valueOf(fields: readonly Raw[], number: number): Raw['value'] | undefined {
  return fields.find((field) => field.number === number)?.value
}

function bytesOf(fields: readonly Raw[], number: number): Buffer {
  const value = valueOf(fields, number)
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0)
}

function numberOf(fields: readonly Raw[], number: number): bigint {
  const value = valueOf(fields, number)
  return typeof value === 'bigint' ? value : 0n
}

function fieldsOf(bytes: Buffer): readonly Raw[] {
  if (!Buffer.isBuffer(bytes)) throw new ProtobufError('a message was expected')
  const fields: Raw[] = []
  for (let at = 0; at < bytes.length;) {
    const [tag, start] = varint(bytes, at)
    const number = Number(tag >> 3n)
    const wire = Number(tag & 7n)
    if (wire === 0) {
      const [value, next] = varint(bytes, start)
      fields.push({ number, value })
      at = next
      continue
    }
    const [length, from] = wire === 2 ? varint(bytes, start) : [wire === 1 ? 8n : wire === 5 ? 4n : -1n, start]
    at = from + Number(length)
    if (length < 0n || at > bytes.length) throw new ProtobufError('unexpected EOF')
    fields.push({ number, value: bytes.subarray(from, at) })
  }
  return fields
}

function varint(bytes: Buffer, start: number): readonly [bigint, number] {
  let value = 0n
  for (let at = start; at < Math.min(bytes.length, start + 10); at++) {
    value |= BigInt(bytes[at]! & 0x7f) << BigInt(7 * (at - start))
    if (bytes[at]! < 0x80) return [value, at + 1]
  }
  throw new ProtobufError('unexpected EOF')
}
