import { bool, duration, int, list, text } from '../../args/flags.ts'
import { writeOptions } from '../../args/options.ts'
import { deletion, dryRun, fieldManager, files, output, record } from '../../args/shared.ts'
import { defineCommand, type Call, type Waiting } from '../../defineCommand.ts'
import { CommandError, UsageError } from '../../errors.ts'
import type { KubeObject } from '../../engine.ts'
import { createReporter, readDryRun, typed } from '../../printers/output.ts'
import { deleteOne, lineOf, readCascade } from '../delete.ts'
import { readLabels } from '../expose.ts'
import { overridden, overrideType } from '../overrides.ts'
import { recorded } from '../record.ts'
import { attachTo } from './attach.ts'

const flags = {
  ...dryRun,
  ...output,
  ...files, // taken, and never looked at
  ...record,
  ...fieldManager('kubectl-run'),
  ...deletion,
  annotations: list('key=value for the pod'),
  attach: bool('Stay with the pod once it runs'),
  command: bool('What follows -- is the command, not its arguments'),
  env: list('KEY=value for the container'),
  expose: bool('Make a service for the pod too'),
  image: text('The image to run', '', { isRequired: true }),
  'image-pull-policy': text('Always, IfNotPresent or Never'),
  labels: text('Labels of the pod', '', { short: 'l' }),
  'leave-stdin-open': bool('Keep standard input open after the first attach ends'),
  overrides: text('JSON to merge into the pod'),
  ...overrideType('merge'),
  'pod-running-timeout': duration('How long to wait until it runs', 60_000),
  port: text('The port the container listens on'),
  privileged: bool('Run the container with all rights'),
  quiet: bool('Say nothing of kubectl', false, { short: 'q' }),
  restart: text('Always, OnFailure or Never', 'Always'),
  rm: bool('Delete the pod after an attached command ends'),
  'save-config': bool('Note the object in an annotation, for apply to compare with'),
  stdin: bool('Hand on standard input', false, { short: 'i' }),
  tty: bool('Give the container a terminal', false, { short: 't' }),
  'grace-period': int('Seconds to end in, with --rm', -1),
}

export type RunCall = Call<typeof flags>

/** Run a particular image on the cluster. */
export const run = defineCommand({
  name: 'run',
  usage:
    'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  summary: 'Run a particular image on the cluster',
  examples: ['kubectl run web --image=nginx', 'kubectl run tools --image=busybox --restart=Never -- sleep 3600'],
  completes: 'none',
  flags,
  *run(call): Waiting {
    const { cluster, io, flags, args, dash, given } = call
    const names = dash < 0 ? args : args.slice(0, dash)
    if (args.length === 0 || names.length === 0) throw new UsageError('NAME is required for run')
    check(call)
    readCascade(flags.cascade, given.has('cascade'), io.err)
    const dry = readDryRun(flags['dry-run'])
    const name = names[0]!
    const pod = overridden(recorded(call, podOf(call, name, args.slice(1))), 'Pod', flags)
    const kind = cluster.kind('pods')
    const report = createReporter(flags, io, dry)
    const options = writeOptions(dry, flags['field-manager'])
    const isAttaching = (given.has('attach') ? flags.attach : flags.stdin) && dry === 'none'
    if (flags.expose) {
      const service = serviceOf(name, Number(flags.port), pod.metadata.labels ?? {})
      const services = cluster.kind('services')
      report(
        { kind: services, name },
        'created',
        dry === 'client' ? service : cluster.create<KubeObject>(services, cluster.namespace, service, options),
      )
      if (flags.output === 'yaml') io.out('---\n')
    }
    const made = dry === 'client' ? pod : cluster.create<KubeObject>(kind, cluster.namespace, pod, options)
    if (!isAttaching) {
      report({ kind, name }, 'created', made)
      return 0
    }
    const target = { kind, namespace: cluster.namespace, name }
    const failure = yield* attachTo(call, target)
    if (flags.rm) {
      deleteOne(cluster, target, flags['grace-period'] < 0 ? {} : { gracePeriodSeconds: flags['grace-period'] })
      if (!flags.quiet) io.out(lineOf(target, false, 'none'))
    }
    if (failure !== undefined) throw failure
    return 0
  },
})

// upstream: kubectl/pkg/cmd/run/run.go, in its order
function check({ flags: given }: RunCall): void {
  const { image, restart, port } = given
  if (image === '') throw new CommandError('--image is required')
  if (
    !/^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@[A-Za-z][\w.+-]*:[0-9a-fA-F]{32,})?$/.test(
      image,
    )
  )
    throw new CommandError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`)
  if (given.tty && !given.stdin) throw new UsageError('-i/--stdin is required for containers with -t/--tty=true')
  if (given.expose && port === '') throw new UsageError('--port must be set when exposing a service')
  if (!['', 'Always', 'OnFailure', 'Never'].includes(restart))
    throw new UsageError(`invalid restart policy: ${restart}`)
  const isAttached = given.attach || given.stdin || given.tty
  if (given.rm && !isAttached) throw new UsageError('--rm should only be used for attached containers')
  if (isAttached && given['dry-run'] !== 'none')
    throw new UsageError(
      `--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)`,
    )
  if (isAttached && given['pod-running-timeout'] <= 0)
    throw new UsageError('--pod-running-timeout must be higher than zero')
  const policy = given['image-pull-policy']
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy))
    throw new UsageError(`invalid image pull policy: ${policy}`)
}

interface PodLike {
  readonly kind: string
  readonly apiVersion: string
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
}

function podOf(
  { flags: given, cluster }: RunCall,
  name: string,
  rest: readonly string[],
): PodLike & Readonly<Record<string, unknown>> {
  const labels = given.labels === '' ? { run: name } : readLabels(given.labels)
  const container = {
    name,
    image: given.image,
    ...(rest.length > 0 && (given.command ? { command: rest } : { args: rest })),
    ...(given.port !== '' && { ports: [{ containerPort: readPortNumber(given.port) }] }),
    ...(given.env.length > 0 && { env: given.env.map(readEnv) }),
    resources: {},
    ...(given['image-pull-policy'] !== '' && { imagePullPolicy: given['image-pull-policy'] }),
    ...(given.privileged && { securityContext: { privileged: true } }),
    ...(given.stdin && { stdin: true, ...(!given['leave-stdin-open'] && { stdinOnce: true }) }),
    ...(given.tty && { tty: true }),
  }
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      ...(cluster.isNamespaceGiven && { namespace: cluster.namespace }),
      labels,
      ...(given.annotations.length > 0 && {
        annotations: Object.fromEntries(given.annotations.map(readAnnotation)),
      }),
    },
    spec: { containers: [container], restartPolicy: given.restart || 'Always', dnsPolicy: 'ClusterFirst' },
    status: {},
    [typed]: true,
  }
}

function readPortNumber(word: string): number {
  if (!/^\d+$/.test(word)) throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(word)}: invalid syntax`)
  return Number(word)
}

function readAnnotation(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=')
  if (equals < 1) throw new CommandError(`invalid annotations format: ${pair}`)
  return [pair.slice(0, equals), pair.slice(equals + 1)]
}

function readEnv(pair: string): { readonly name: string; readonly value?: string } {
  const equals = pair.indexOf('=')
  if (equals < 1) throw new CommandError(`invalid env: ${pair}`)
  const value = pair.slice(equals + 1)
  return { name: pair.slice(0, equals), ...(value !== '' && { value }) }
}

function serviceOf(name: string, port: number, selector: Readonly<Record<string, string>>) {
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name },
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector },
    status: { loadBalancer: {} },
    [typed]: true,
  }
}
