import { shortObject } from '../../format.ts'
import type { MessageBox, MessageRow } from '../../protocol.ts'

/** One thing that happens on a request's way: a message on a wire, or a gate inside the API server. */
export interface Part {
  /** the wire that lights; undefined inside the API server */
  readonly wire?: Exclude<MessageBox, 'api'>
  readonly isUp: boolean
  /** the gate in hand: gates before it are passed */
  readonly gate?: string
  /** the pill's words */
  readonly label: string
  readonly sentence: string
  /** who is at the other end: a watch's `w` column */
  readonly word: string
  /** the request ends here, turned down */
  readonly isRefusal?: boolean
}

/** Where one stands in the sequence. */
export interface Place {
  readonly seq: number
  readonly part: number
}

/** What a gate is called, and what it asks. A gate that is not named here is said by its own name. */
export function gateWords(gate: string): { readonly title: string; readonly asks: string } {
  const known = gates[gate]
  if (known) return { title: known[0], asks: known[1] }
  const words = gate.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return { title: words.charAt(0).toUpperCase() + words.slice(1), asks: '' }
}

const gates: Readonly<Record<string, readonly [title: string, asks: string]>> = {
  authentication: ['Authentication', 'Who is asking?'],
  authorization: ['Authorization', 'May they do that? RBAC looks for a rule that says yes.'],
  decoding: ['Decoding', 'Is it a body of this kind, with fields that exist?'],
  defaulting: ['Defaulting', 'What was left out gets its default.'],
  mutatingAdmission: ['Mutating admission', 'Plugins may fill in, or refuse.'],
  preparation: ['Preparation', 'Names, generation and status are set straight.'],
  validation: ['Validation', 'Every field is checked.'],
  validatingAdmission: ['Validating admission', 'Plugins and policies may refuse, and change nothing any more.'],
  storage: ['Storage', 'etcd stores it, if nobody was faster.'],
}

const people: Readonly<Record<MessageBox, string>> = {
  client: 'You',
  api: 'The API server',
  etcd: 'etcd',
  controllers: 'The controller manager',
  scheduler: 'The scheduler',
  kubelet: 'A kubelet',
}

/** A request's way in parts. A person's own request shows each gate; a component's passes them in one go. */
export function partsOf(row: MessageRow, order: readonly string[]): readonly Part[] {
  const parts: Part[] = []
  const sender = row.from === 'client' ? 'You send' : `${nameOf(row.actor)} sends`
  if (row.from !== 'api' && row.from !== 'etcd')
    parts.push({
      wire: row.from,
      isUp: true,
      label: row.request,
      sentence: `${sender} ${row.request}.`,
      word: wordOf(row),
    })
  parts.push(...gateParts(row, order))
  if (row.revision === undefined) return parts
  parts.push({
    wire: 'etcd',
    isUp: false,
    label: `r${row.revision} ${shortObject(row.object)}`,
    sentence: `etcd stores it: the revision of the whole cluster is ${row.revision} now. ${row.sentence}`,
    word: `r${row.revision}`,
  })
  for (const { box, names } of row.heard) if (box !== 'api' && box !== 'client') parts.push(heardPart(row, box, names))
  return parts
}

function gateParts(row: MessageRow, order: readonly string[]): readonly Part[] {
  const stop = row.refusedAt === undefined ? -1 : order.indexOf(row.refusedAt)
  const passed = stop < 0 ? order : order.slice(0, stop)
  const parts: Part[] = []
  const last = passed.at(-1)
  if (row.from === 'client') parts.push(...passed.map(gatePart))
  else if (last !== undefined && stop < 0)
    parts.push({ isUp: true, gate: last, label: '', sentence: 'It passes every gate of the API server.', word: 'API' })
  if (row.refusedAt !== undefined) parts.push(refusal(row))
  return parts
}

function gatePart(gate: string): Part {
  const { title, asks } = gateWords(gate)
  return { isUp: true, gate, label: '', sentence: `${title}: ${asks}`, word: 'API' }
}

function refusal({ refusedAt = '', reason = '' }: MessageRow): Part {
  const { title } = gateWords(refusedAt)
  const sentence = `${title} turns it down: ${reason}. Nothing is stored, nobody hears of it.`
  return { isUp: false, gate: refusedAt, label: reason, sentence, word: reason, isRefusal: true }
}

function heardPart(row: MessageRow, box: Exclude<MessageBox, 'api' | 'client'>, names: readonly string[]): Part {
  const who = box === 'kubelet' ? kubeletsOf(names) : people[box]
  return {
    wire: box,
    isUp: false,
    label: `${row.type} ${shortObject(row.object)}`,
    sentence: `An open watch tells ${who.charAt(0).toLowerCase()}${who.slice(1)}: ${row.type} ${shortObject(row.object)}.`,
    word: row.type,
  }
}

/** `kubelet@node-2` alone is said with its node; several are counted. */
function kubeletsOf(names: readonly string[]): string {
  const nodes = [...new Set(names.map((name) => name.split('@')[1] ?? ''))].filter(Boolean)
  const parts = [...new Set(names.map((name) => name.split('@')[0] ?? ''))].join(' and ')
  if (nodes.length === 1) return `The ${parts} of ${nodes[0]}`
  return nodes.length === 0 ? `The ${parts}` : `The ${parts} of ${nodes.length} nodes`
}

function nameOf(actor: string): string {
  const [name = '', node] = actor.split('@')
  return node === undefined ? `The ${name}` : `The ${name} of ${node}`
}

function wordOf({ request }: MessageRow): string {
  return request.split(' ')[0] ?? ''
}

/** The place before or after one in the sequence; undefined beyond its ends. */
export function neighbour(
  rows: readonly MessageRow[],
  order: readonly string[],
  at: Place | undefined,
  step: -1 | 1,
): Place | undefined {
  const index = rows.findIndex(({ seq }) => seq === at?.seq)
  const row = rows[index]
  if (at === undefined || row === undefined) return placeIn(rows.at(-1), order, -1)
  const part = at.part + step
  if (part >= 0 && part < partsOf(row, order).length) return { seq: row.seq, part }
  return placeIn(rows[index + step], order, step)
}

/** The first part of a row, or the last one where one comes from behind. */
function placeIn(row: MessageRow | undefined, order: readonly string[], step: -1 | 1): Place | undefined {
  if (row === undefined) return undefined
  return { seq: row.seq, part: step > 0 ? 0 : Math.max(0, partsOf(row, order).length - 1) }
}

/** The gates as they stand at a part of a row. */
export function gatesAt(
  parts: readonly Part[],
  at: number,
  order: readonly string[],
): readonly { readonly gate: string; readonly state: 'waiting' | 'on' | 'done' | 'refused' }[] {
  const part = parts[at]
  const on = part?.gate === undefined ? -1 : order.indexOf(part.gate)
  const isPast =
    part !== undefined && part.gate === undefined && parts.slice(0, at).some(({ gate }) => gate !== undefined)
  return order.map((gate, index) => {
    if (isPast) return { gate, state: 'done' }
    if (on < 0 || index > on) return { gate, state: 'waiting' }
    if (index < on) return { gate, state: 'done' }
    return { gate, state: part?.isRefusal ? 'refused' : 'on' }
  })
}
