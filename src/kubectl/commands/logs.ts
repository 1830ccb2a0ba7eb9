import { bool, duration, int, text } from '../args/flags.ts'
import { selector } from '../args/shared.ts'
import { defineCommand, type Call, type Waiting } from '../defineCommand.ts'
import { CommandError, UsageError } from '../errors.ts'
import { ApiError, badRequest, formatMicroTime, parseTime, type Pod } from '../engine.ts'
import type { LogLine } from '../context.ts'
import { infosOf } from '../args/resources.ts'
import { allContainers, chooseContainer, keyOf, podsOf } from './containers.ts'
import { demandDoor } from './doors.ts'

const flags = {
  ...selector,
  'all-containers': bool('Of every container of the pod'),
  'all-pods': bool('Of every pod', false),
  container: text('The container', '', { short: 'c' }),
  follow: bool('Go on as lines are written', false, { short: 'f' }),
  'ignore-errors': bool('Go on with --follow where a log cannot be read'),
  'insecure-skip-tls-verify-backend': bool("Do not check the kubelet's certificate"),
  'limit-bytes': int('Bytes to show at most', 0),
  'max-log-requests': int('Logs to follow at a time', 5),
  'pod-running-timeout': duration('How long to wait until a pod runs', 20_000),
  prefix: bool('Put pod and container before each line'),
  previous: bool('Of the container that ran before', false, { short: 'p' }),
  since: duration('Only lines younger than this', 0),
  'since-time': text('Only lines after this time'),
  tail: int('Only the last lines; -1: all', -1),
  timestamps: bool('Put the time before each line'),
}

type LogsCall = Call<typeof flags>

/** Print the logs for a container in a pod. */
export const logs = defineCommand({
  name: 'logs',
  aliases: ['log'],
  usage: 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  summary: 'Print the logs for a container in a pod',
  examples: ['kubectl logs web', 'kubectl logs -f deploy/web', 'kubectl logs web --previous'],
  completes: 'pods',
  flags,
  *run(call): Waiting {
    check(call)
    const streams = streamsOf(call)
    if (streams.length > call.flags['max-log-requests'] && call.flags.follow)
      throw new CommandError(
        `you are attempting to follow ${streams.length} log streams, but maximum allowed concurrency is ${call.flags['max-log-requests']}, use --max-log-requests to increase the limit`,
      )
    for (const stream of streams) show(call, stream)
    if (!call.flags.follow) return 0
    while (streams.some(({ isOver }) => !isOver)) {
      yield
      for (const stream of streams) show(call, stream)
    }
    return 0
  },
})

const usage = `expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command`

function check({ args, flags: given }: LogsCall): void {
  if (args.length === 0 && given.selector.length === 0) throw new UsageError(usage)
  if (args.length > 0 && given.selector.length > 0)
    throw new UsageError('only a selector (-l) or a POD name is allowed')
  if (args.length > 2) throw new UsageError(usage)
  if (args.length === 2 && given.container !== '')
    throw new UsageError('only one of -c or an inline [CONTAINER] arg is allowed')
  if (given.since !== 0 && given['since-time'] !== '')
    throw new CommandError('at most one of `sinceTime` or `sinceSeconds` may be specified')
  if (given['all-containers'] && given.container !== '')
    throw new CommandError(`--all-containers=true should not be specified with container name ${given.container}`)
  if (given.tail < -1) throw new CommandError('--tail must be greater than or equal to -1')
}

interface Stream {
  readonly pod: Pod
  readonly container: string
  shown: number
  isOver: boolean
}

function streamsOf(call: LogsCall): readonly Stream[] {
  const { flags: given, args, io } = call
  const asked = given.container !== '' ? given.container : (args[1] ?? '')
  return podsFor(call).flatMap((pod) => {
    const containers = given['all-containers'] ? allContainers(pod) : [chooseContainer(pod, asked, io)]
    return containers.map((container) => ({ pod, container, shown: 0, isOver: false }))
  })
}

function podsFor({ cluster, io, args, flags: given }: LogsCall): readonly Pod[] {
  if (given.selector.length > 0) {
    const { infos } = infosOf({ cluster, io, args: ['pods'], selector: given.selector })
    if (infos.length === 0) io.err(`No resources found in ${cluster.namespace} namespace.\n`)
    return infos.map(({ object }) => object as Pod)
  }
  const [word = ''] = args
  const { infos, errors } = infosOf({ cluster, io, args: word.includes('/') ? [word] : ['pods', word] })
  if (errors.length > 0) throw worded(errors[0]!, cluster.namespace)
  const { object, kind, namespace } = infos[0]!
  if (kind.kind === 'Pod') return [object as Pod]
  const pods = podsOf(cluster, object, namespace)
  if (pods.length > 1 && !given['all-pods']) io.err(`Found ${pods.length} pods, using pod/${pods[0]!.metadata.name}\n`)
  if (pods.length === 0) throw new CommandError('timed out waiting for the condition')
  return given['all-pods'] ? pods : pods.slice(0, 1)
}

/** What is not found is said a little differently here. */
function worded(error: Error, namespace: string): Error {
  if (!(error instanceof ApiError) || error.code !== 404) return error
  return new CommandError(`error from server (${error.reason}): ${error.message} in namespace "${namespace}"`)
}

function show(call: LogsCall, stream: Stream): void {
  const { flags: given, context, now, io } = call
  const { pod, container } = stream
  const fresh =
    stream.shown === 0
      ? pod
      : (call.cluster.find<Pod>({
          kind: call.cluster.kind('pods'),
          namespace: pod.metadata.namespace,
          name: pod.metadata.name,
        }) ?? pod)
  if (stream.shown === 0) demandDoor(call.cluster, pod, 'log')
  // A pod without a node has no log, and nobody to ask for one.
  if (!fresh.spec.nodeName || context.nodes === undefined) {
    stream.isOver = !given.follow || context.nodes === undefined
    return
  }
  const answer = context.nodes.logs(keyOf(pod), container, { previous: given.previous })
  if ('error' in answer) {
    if (given.follow && /is waiting to start: (ContainerCreating|PodInitializing)/.test(answer.error)) return
    throw badRequest(answer.error)
  }
  const from = answer.from ?? 0
  const isFirst = stream.shown === 0
  const lines = answer.lines.slice(Math.max(0, stream.shown - from)).filter(({ at }) => at >= startOf(given, now()))
  const count = given.tail >= 0 ? given.tail : given.selector.length > 0 ? 10 : Infinity
  const shown = isFirst && count !== Infinity ? (count === 0 ? [] : lines.slice(-count)) : lines
  io.out(limit(shown.map((line) => lineText(call, stream, line)).join(''), given['limit-bytes']))
  stream.shown = from + answer.lines.length
  stream.isOver = answer.isComplete ?? !given.follow
}

function startOf(given: LogsCall['flags'], now: number): number {
  if (given['since-time'] !== '') return parseTime(given['since-time'])
  return given.since > 0 ? now - given.since : -Infinity
}

const limit = (textOf: string, bytes: number): string => (bytes > 0 ? textOf.slice(0, bytes) : textOf)

function lineText({ flags: given }: LogsCall, { pod, container }: Stream, line: LogLine): string {
  const prefix = given.prefix ? `[pod/${pod.metadata.name}/${container}] ` : ''
  const time = given.timestamps ? `${formatMicroTime(line.at).replace('Z', '000Z')} ` : ''
  return `${prefix}${time}${line.text}\n`
}
