import { parseQuantity, type NodeSpec, type User } from '#engine'

/** An op as it comes in: nothing about it is trusted. */
export type Op = Readonly<Record<string, unknown>>

/** Misuse of an op: answered, never thrown to the caller. */
export class OpError extends Error {
  override name = 'OpError'
}

/** Reads one line as an op. */
export function parseOp(line: string): Op {
  return recordOf(JSON.parse(line) as unknown, 'an op')
}

/** Complains about a field that the op does not have: misspelt, it would else be passed over in silence. */
export function knownFieldsOf(op: Op, known: readonly string[]): void {
  const odd = Object.keys(op).find((field) => !known.includes(field))
  if (odd !== undefined)
    throw new OpError(`${op['op']} has no field ${JSON.stringify(odd)}; it has ${known.slice(1).join(', ')}`)
}

/** A field that has to be text. */
export function textOf(op: Op, field: string): string {
  return asText(op[field], field)
}

/** A field that may be left out, or else has to be text. */
export function optionalText(op: Op, field: string): string | undefined {
  return op[field] === undefined || op[field] === null ? undefined : textOf(op, field)
}

/** A field that has to be a number within bounds. */
export function numberOf(op: Op, field: string, min = -Infinity, max = Infinity): number {
  const value = op[field]
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new OpError(`${field} must be a number`)
  if (value < min || value > max) throw new OpError(`${field} must lie between ${min} and ${max}`)
  return value
}

/** The files a command may read: texts by name. */
export function filesOf(op: Op): Readonly<Record<string, string>> {
  return textsOf(op['files'] ?? {}, 'files')
}

/** The headers of a request, or none. */
export function headersOf(op: Op): Readonly<Record<string, string>> {
  return textsOf(op['headers'] ?? {}, 'headers')
}

/** Who asks; undefined for the administrator. */
export function userOf(op: Op): User | undefined {
  if (op['user'] === undefined || op['user'] === null) return undefined
  const { name = '', groups = [] } = recordOf(op['user'], 'user')
  return {
    name: asText(name, 'user.name'),
    groups: [...listOf(groups, 'user.groups').map((group) => asText(group, 'a group')), 'system:authenticated'],
  }
}

/** How many machines a cluster may have. */
export const nodesMax = 5000

/** The machines of a new cluster: how many, or each of them. */
export function nodesOf(nodes: unknown): number | readonly NodeSpec[] {
  if (nodes === undefined || nodes === null) return 3
  if (typeof nodes === 'number' && Number.isInteger(nodes) && nodes >= 0 && nodes <= nodesMax) return nodes
  if (!Array.isArray(nodes) || nodes.length > nodesMax)
    throw new OpError(`nodes must be a count from 0 to ${nodesMax}, or a list of nodes`)
  const specs = nodes.map((node: unknown) => nodeOf(recordOf(node, 'each node')))
  const names = new Set(specs.map(({ name }) => name))
  if (names.size < specs.length) throw new OpError('each node needs a name of its own')
  return specs
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function nodeOf(node: Op): NodeSpec {
  const name = textOf(node, 'name')
  if (!subdomain.test(name) || name.length > 63) throw new OpError(`${JSON.stringify(name)} is no name for a node`)
  for (const field of ['cpu', 'memory', 'ephemeralStorage']) checkQuantity(node[field], field)
  for (const quantity of Object.values(textsOf(node['extended'] ?? {}, 'extended'))) checkQuantity(quantity, 'extended')
  if (node['pods'] !== undefined) numberOf(node, 'pods', 0, 100_000)
  for (const value of listOf(node['taints'] ?? [], 'taints')) {
    const taint = recordOf(value, 'a taint')
    textOf(taint, 'key')
    textOf(taint, 'effect')
    optionalText(taint, 'value')
  }
  for (const image of listOf(node['images'] ?? [], 'images')) asText(image, 'an image')
  textsOf(node['labels'] ?? {}, 'labels')
  optionalText(node, 'zone')
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== null)) as unknown as NodeSpec
}

function checkQuantity(value: unknown, field: string): void {
  if (value === undefined || value === null) return
  const amount = typeof value === 'number' || typeof value === 'string' ? parseQuantity(value) : NaN
  if (!(amount >= 0 && amount < 2 ** 63)) throw new OpError(`${field} must be a quantity, not ${JSON.stringify(value)}`)
}

function asText(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new OpError(`${what} must be a string`)
  return value
}

function recordOf(value: unknown, what: string): Op {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new OpError(`${what} must be a JSON object`)
  return value as Op
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new OpError(`${what} must be a list`)
  return value
}

function textsOf(value: unknown, what: string): Readonly<Record<string, string>> {
  const record = recordOf(value, what)
  for (const text of Object.values(record)) asText(text, `each value of ${what}`)
  return record as Readonly<Record<string, string>>
}
