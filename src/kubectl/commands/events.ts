import { bool, int, strings, text } from '../args/flags.ts'
import { allNamespaces, output } from '../args/shared.ts'
import { defineCommand, type Call, type Waiting } from '../defineCommand.ts'
import { CommandError, StandardError } from '../errors.ts'
import type { Event } from '../engine.ts'
import { eventAge, lastTime } from '../describers/parts.ts'
import { createPrinter } from '../printers/output.ts'
import { alignTable } from '../printers/table.ts'

const flags = {
  ...allNamespaces,
  ...output,
  'chunk-size': int('Objects asked for at a time', 500),
  for: text('Only events about this object: TYPE/NAME'),
  'no-headers': bool('Leave the headers out'),
  types: strings('Only these types: Normal, Warning'),
  watch: bool('Go on with every new event', false, { short: 'w' }),
}

type EventsCall = Call<typeof flags>

/** List events. */
export const events = defineCommand({
  name: 'events',
  usage: 'events [(-o|--output=)json|yaml|name|…] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  summary: 'List events',
  completes: 'none',
  flags,
  *run(call): Waiting {
    const { cluster, io, flags } = call
    const types = flags.types.map((type) => type.toLowerCase())
    if (types.some((type) => type !== 'normal' && type !== 'warning'))
      throw new CommandError('valid --types are Normal or Warning')
    const isMeant = filterOf(call, types)
    const kind = cluster.kind('events')
    const namespace = flags['all-namespaces'] ? undefined : cluster.namespace
    const found = [...cluster.list<Event>(kind, namespace).filter(isMeant)].sort((a, b) => lastTime(a) - lastTime(b))
    if (found.length === 0 && !flags.watch)
      io.err(flags['all-namespaces'] ? 'No events found.\n' : `No events found in ${cluster.namespace} namespace.\n`)
    const printer = createPrinter(flags, io)
    if (found.length > 0 && printer !== undefined)
      printer({ apiVersion: 'v1', items: found, kind: 'List', metadata: {} })
    else if (flags.output === 'name') for (const { metadata } of found) io.out(`event/${metadata.name}\n`)
    else if (found.length > 0) io.out(tableOf(call, found, !flags['no-headers']))
    if (!flags.watch) return 0
    const watch = cluster.watch(kind, namespace)
    try {
      for (;;) {
        const fresh = watch
          .take()
          .flatMap(({ type, object }) => (type === 'ADDED' || type === 'MODIFIED' ? [object as Event] : []))
        for (const event of fresh.filter(isMeant)) io.out(tableOf(call, [event], false))
        yield
      }
    } finally {
      watch.stop()
    }
  },
})

function filterOf({ flags: given, cluster }: EventsCall, types: readonly string[]): (event: Event) => boolean {
  const [word = '', name = ''] = given.for.split('/')
  if (given.for !== '' && name === '') throw new CommandError('--for must be in resource/name form')
  const kind = given.for === '' ? undefined : cluster.api.findKind(word)
  if (given.for !== '' && kind === undefined)
    throw new StandardError(`the server doesn't have a resource type ${JSON.stringify(word)}`)
  return ({ type, involvedObject }) =>
    (types.length === 0 || types.includes((type ?? '').toLowerCase())) &&
    (kind === undefined || (involvedObject.kind === kind.kind && involvedObject.name === name))
}

function tableOf({ flags: given, now }: EventsCall, found: readonly Event[], hasHeaders: boolean): string {
  const place = given['all-namespaces']
  const header = [...(place ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'].join('\t')
  const rows = found.map((event) => {
    const { kind, name } = event.involvedObject
    const cells = [eventAge(event, now()), event.type, event.reason, `${kind}/${name}`, (event.message ?? '').trim()]
    return [...(place ? [event.metadata.namespace] : []), ...cells].join('\t')
  })
  return alignTable([...(hasHeaders ? [header] : []), ...rows])
}
