import { bool, strings, text } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { infosOf } from '../args/resources.ts'
import { defineCommand, type Call, type Waiting } from '../defineCommand.ts'
import { CommandError } from '../errors.ts'
import type { KubeObject, Node, Pod } from '../engine.ts'
import { sha256Hex } from './create/sha256.ts'
import { createLogReader, typingInto } from './typing.ts'

const flags = {
  'arguments-only': bool('Take what is behind -- as arguments, not as the command'),
  attach: bool('Wait until the container runs, and show what it writes'),
  container: text('Name of the new container', '', { short: 'c' }),
  'copy-to': text('Make a copy of the pod under this name'),
  env: strings('NAME=value for the new container'),
  image: text('Image of the new container'),
  'image-pull-policy': text('Always, IfNotPresent or Never'),
  profile: text('general, baseline, restricted, netadmin or sysadmin', 'general'),
  quiet: bool('Say less', false, { short: 'q' }),
  'share-processes': bool('Let the containers of a copy see each other', true),
  stdin: bool('Keep standard input open', false, { short: 'i' }),
  target: text('The container whose processes are to be seen'),
  tty: bool('Give it a terminal', false, { short: 't' }),
}

type DebugCall = Call<typeof flags>

/** Create debugging sessions for troubleshooting workloads and nodes. */
// upstream: kubectl/pkg/cmd/debug/debug.go
// differs: --set-image, --replace, --same-node and custom profiles are left out; nothing is typed into the container
export const debug = defineCommand({
  name: 'debug',
  usage: 'debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  summary: 'Create debugging sessions for troubleshooting workloads and nodes',
  examples: [
    'kubectl debug web --image=busybox:1.37 -- sleep 60',
    'kubectl debug node/node-1 -it --image=busybox:1.37',
  ],
  completes: 'resources',
  flags,
  run(call) {
    const { cluster, io, args, dash, flags, given } = call
    const [names, command] = dash < 0 ? [args, []] : [args.slice(0, dash), args.slice(dash)]
    if (flags.image === '') throw new CommandError('you must specify --image when not using --copy-to.')
    if (names.length === 0) throw new CommandError('NAME or filename is required for debug')
    if (flags.target !== '' && flags['copy-to'] !== '')
      throw new CommandError('--target is incompatible with --copy-to. Use --share-processes instead.')
    if (flags.target !== '' && !flags.quiet)
      io.out(
        `Targeting container "${flags.target}". If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
      )
    if (flags.tty && !flags.stdin) throw new CommandError('-i/--stdin is required for containers with -t/--tty=true')
    const words = names.map((name) => (name.includes('/') ? name : `pods/${name}`))
    const { infos, errors } = infosOf({ cluster, io, args: words })
    if (errors.length > 0) throw errors[0]!
    const { object, kind } = infos[0]!
    const started =
      kind.kind === 'Pod'
        ? debugPod(call, object as Pod, command)
        : kind.kind === 'Node'
          ? debugNode(call, object as Node, command)
          : undefined
    if (started === undefined)
      throw new CommandError(`"${kind.group}/${kind.version}, Kind=${kind.kind}" not supported by debug`)
    return flags.attach || (flags.stdin && !given.has('attach')) ? follow(call, started) : 0
  },
})

interface Started {
  readonly namespace: string
  readonly name: string
  readonly container: string
}

function containerOf({ flags: given }: DebugCall, name: string, command: readonly string[]) {
  const env = given.env.map((pair) => {
    const [key = '', value = ''] = pair.split(/=(.*)/s)
    return { name: key, value }
  })
  return {
    name,
    image: given.image,
    ...(command.length > 0 && (given['arguments-only'] ? { args: command } : { command })),
    ...(env.length > 0 && { env }),
    ...(given['image-pull-policy'] !== '' && { imagePullPolicy: given['image-pull-policy'] }),
    resources: {},
    ...(given.stdin && { stdin: true }),
    terminationMessagePolicy: 'File',
    ...(given.tty && { tty: true }),
  }
}

/** What a profile lets the container do. */
// upstream: kubectl/pkg/cmd/debug/profiles.go
function securityOf(profile: string): object {
  const security: Readonly<Record<string, object>> = {
    general: { capabilities: { add: ['SYS_PTRACE'] } },
    baseline: {},
    restricted: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    netadmin: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
    sysadmin: { privileged: true },
  }
  const found = Object.hasOwn(security, profile) ? security[profile]! : undefined
  if (found === undefined) throw new CommandError(`unknown profile: ${profile}`)
  return Object.keys(found).length === 0 ? {} : { securityContext: found }
}

function debugPod(call: DebugCall, pod: Pod, command: readonly string[]): Started {
  const { cluster, io, flags: given } = call
  const { name, namespace = 'default' } = pod.metadata
  const container = given.container === '' ? defaultName(pod) : given.container
  if (given.container === '' && !given.quiet) io.out(`Defaulting debug container name to ${container}.\n`)
  const added = { ...containerOf(call, container, command), ...securityOf(given.profile) }
  const kind = cluster.kind('pods')
  const options = writeOptions('none', 'kubectl-debug')
  if (given['copy-to'] !== '') {
    cluster.create(kind, namespace, copyWith(pod, given['copy-to'], added, given['share-processes']), options)
    return { namespace, name: given['copy-to'], container }
  }
  const patch = {
    spec: { ephemeralContainers: [{ ...added, ...(given.target && { targetContainerName: given.target }) }] },
  }
  cluster.patch({ kind, namespace, name }, patch, 'strategic', options, 'ephemeralcontainers')
  return { namespace, name, container }
}

function copyWith({ spec }: Pod, name: string, added: object, sharesProcesses: boolean): KubeObject {
  const { nodeName: _, ephemeralContainers: __, ...kept } = spec
  const bare = kept.containers.map(({ livenessProbe: _l, readinessProbe: _r, startupProbe: _s, ...each }) => each)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { ...kept, containers: [...bare, added], ...(sharesProcesses && { shareProcessNamespace: true }) },
  } as unknown as KubeObject
}

function debugNode(call: DebugCall, { metadata }: Node, command: readonly string[]): Started {
  const { cluster, io, flags: given } = call
  const container = given.container === '' ? 'debugger' : given.container
  const name = `node-debugger-${metadata.name}-${letters(`${metadata.uid}${call.now()}`)}`
  if (!given.quiet) io.out(`Creating debugging pod ${name} with container ${container} on node ${metadata.name}.\n`)
  const isFree = given.profile !== 'restricted' && given.profile !== 'baseline'
  const { securityContext } = securityOf(given.profile) as { readonly securityContext?: object }
  const added = {
    ...containerOf(call, container, command),
    ...(given.profile !== 'general' && securityContext && { securityContext }),
    ...(isFree && { volumeMounts: [{ mountPath: '/host', name: 'host-root' }] }),
  }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      containers: [added],
      ...(isFree && { hostIPC: true, hostNetwork: true, hostPID: true }),
      nodeName: metadata.name,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      ...(isFree && { volumes: [{ name: 'host-root', hostPath: { path: '/' } }] }),
    },
  }
  cluster.create(cluster.kind('pods'), cluster.namespace, pod, writeOptions('none', 'kubectl-debug'))
  return { namespace: cluster.namespace, name, container }
}

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** Five letters that follow from what is debugged: the same line in the same world makes the same name. */
function letters(seed: string): string {
  const digits = sha256Hex(seed)
  return [0, 1, 2, 3, 4]
    .map((at) => alphabet[parseInt(digits.slice(4 * at, 4 * at + 4), 16) % alphabet.length])
    .join('')
}

const defaultName = ({ metadata, spec }: Pod): string =>
  `debugger-${letters(`${metadata.uid}/${(spec.ephemeralContainers ?? []).length}`)}`

/** Shows what the container writes until it has ended. */
function* follow(call: DebugCall, { namespace, name, container }: Started): Waiting {
  const { cluster, io, context, flags: given } = call
  const kind = cluster.kind('pods')
  if (!given.quiet)
    io.err(
      "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
    )
  const read = createLogReader(io.out, 0)
  let type: (() => void) | undefined
  for (;;) {
    const pod = cluster.get<Pod>({ kind, namespace, name })
    const { containerStatuses = [], ephemeralContainerStatuses = [] } = pod.status
    const status = [...ephemeralContainerStatuses, ...containerStatuses].find((one) => one.name === container)
    const { running, terminated } = status?.state ?? {}
    if (running || terminated) {
      type ??= typingInto(call, `${namespace}/${name}`, container)
      type()
      const answer = context.nodes?.logs(`${namespace}/${name}`, container, { previous: false })
      if (answer !== undefined && 'lines' in answer) read(answer)
      if (terminated) return terminated.exitCode
    }
    yield
  }
}
