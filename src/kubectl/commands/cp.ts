import { bool, int, text } from '../args/flags.ts'
import { defineCommand, type Call, type Waiting } from '../defineCommand.ts'
import { CommandError } from '../errors.ts'
import type { Io } from '../context.ts'
import { chooseContainer, keyOf, podFor } from './containers.ts'
import { needHost, noDoor } from './exec.ts'
import { demandDoor } from './doors.ts'

const flags = {
  container: text('The container', '', { short: 'c' }),
  'no-preserve': bool('Do not keep owner and rights'),
  retries: int('How often to try again', 0),
}

/** Copy files and directories to and from containers. */
// differs: one file at a time, through cat, where the real one packs folders with tar
export const cp = defineCommand({
  name: 'cp',
  usage: 'cp <file-spec-src> <file-spec-dest>',
  summary: 'Copy files and directories to and from containers',
  examples: ['kubectl cp app.conf web:/etc/app.conf', 'kubectl cp web:/var/log/app.log app.log'],
  completes: 'pods',
  flags,
  *run(call): Waiting {
    const { args, io } = call
    if (args.length !== 2) throw new CommandError(`source and destination are required`)
    const [from, to] = args.map(readSpec) as [Spec, Spec]
    if (from.pod !== '' && to.pod !== '')
      throw new CommandError('one of src or dest must be a local file specification')
    if (from.file === '' || to.file === '') throw new CommandError('filepath can not be empty')
    if (from.pod === '' && to.pod === '')
      throw new CommandError('one of src or dest must be a remote file specification')
    if (from.pod !== '') {
      const content = yield* execIn(call, from, ['cat', from.file])
      io.writeFile?.(to.file, content)
      return 0
    }
    const content = localFile(io, from.file)
    yield* execIn(call, to, ['sh', '-c', 'cat > "$0"', to.file], content)
    return 0
  },
})

interface Spec {
  readonly namespace: string
  readonly pod: string
  readonly file: string
}

function readSpec(word: string): Spec {
  const colon = word.indexOf(':')
  if (colon < 0) return { namespace: '', pod: '', file: word }
  const parts = word.slice(0, colon).split('/')
  const [namespace, pod] = parts.length > 1 ? parts : ['', parts[0]]
  return { namespace: namespace!, pod: pod!, file: word.slice(colon + 1) }
}

function localFile(io: Io, path: string): string {
  const content = io.readFile(path)
  if (content === undefined) throw new CommandError(`${path} doesn't exist in local filesystem`)
  return content
}

function* execIn(
  call: Call<typeof flags>,
  { pod: name }: Spec,
  command: readonly string[],
  stdin?: string,
): Generator<undefined, string> {
  const { cluster, io, context } = call
  const pod = podFor(cluster, io, name)
  const container = chooseContainer(pod, call.flags.container, io, true)
  demandDoor(cluster, pod, 'exec')
  needHost(pod)
  if (context.nodes === undefined) throw noDoor()
  const handle = context.nodes.exec(keyOf(pod), container, command, stdin === undefined ? undefined : { text: stdin })
  let content = ''
  try {
    for (;;) {
      const { stdout, stderr } = handle.take()
      content += stdout
      if (stderr !== '') io.err(stderr)
      const end = handle.ended()
      if (end !== undefined) {
        if (end.code !== 0) throw new CommandError(end.error ?? `command terminated with exit code ${end.code}`)
        return content
      }
      yield
    }
  } finally {
    handle.stop()
  }
}
