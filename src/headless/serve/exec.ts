import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { valuesOf, type Cluster, type ExecHandle, type HttpAnswer, type Pod } from '#engine'
import { attachTo } from './attach.ts'
import { acceptSocket, protocolOf, type Socket } from './websocket.ts'

/** Something that goes on while time does. */
export interface Ongoing {
  /** false when it is over */
  readonly pump: () => boolean
  readonly stop: () => void
}

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io']
const stdout = 1
const stderr = 2
const errors = 3
const closeSignal = 255

/** Takes a connection that wants to become something else: exec and attach over WebSocket. All others are told why not. */
export function upgrade(
  cluster: Cluster,
  request: IncomingMessage,
  stream: Duplex,
  refused: (answer: HttpAnswer) => void,
): Ongoing | undefined {
  const path = request.url ?? ''
  const [, namespace = '', name = '', door = ''] =
    /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(\w+)/.exec(path) ?? []
  const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)]))
  const pod = cluster.http({ method: 'GET', path: `/api/v1/namespaces/${namespace}/pods/${name}`, headers })
  if (pod.code >= 400 || door === '') return void refused(pod)
  if (door !== 'exec' && door !== 'attach') return void refused(impossible(`${door} is not simulated by this server`))
  const asked = containerFor(pod.body as Pod, valuesOf(path, 'container')[0] ?? '')
  if ('problem' in asked) return void refused(impossible(asked.problem))
  const protocol = protocolOf(request, protocols)
  if (protocol === undefined)
    return void refused(impossible(`${door} is served over WebSocket only, by the protocols v5.channel.k8s.io and v4`))
  const key = `${namespace}/${name}`
  const { container } = asked
  const open = (listener: Parameters<typeof acceptSocket>[3]): Socket =>
    acceptSocket(request, stream, protocol, listener)
  if (door === 'attach') {
    const attached = attachTo(cluster, pod.body as Pod, container)
    if (attached === undefined)
      return void refused(impossible(`container ${container} not found in pod ${name}_${namespace}`))
    return run(() => attached, false, open)
  }
  const command = valuesOf(path, 'command')
  const wantsInput = isTrue(valuesOf(path, 'stdin')[0]) && !isTrue(valuesOf(path, 'tty')[0])
  const exec = (stdin?: string): ExecHandle =>
    cluster.control.act('request', {}, () =>
      cluster.nodes.exec(key, container, command, stdin === undefined ? undefined : { text: stdin }),
    )
  return run(exec, wantsInput, open)
}

/** The container that is meant, on a pod that has a node. */
// upstream: pkg/registry/core/pod/strategy.go streamLocation, validateContainer
function containerFor(
  { metadata, spec }: Pod,
  asked: string,
): { readonly container: string } | { readonly problem: string } {
  const { containers, initContainers = [], ephemeralContainers = [], nodeName } = spec
  const { name } = metadata
  const namesOf = (list: readonly { readonly name: string }[]): string => list.map((one) => one.name).join(' ')
  if (asked === '' && containers.length > 1) {
    const others = initContainers.length > 0 ? ` or one of the init containers: [${namesOf(initContainers)}]` : ''
    const choice = `choose one of: [${namesOf(containers)}]${others}`
    return { problem: `a container name must be specified for pod ${name}, ${choice}` }
  }
  const all = [...containers, ...initContainers, ...ephemeralContainers]
  if (asked !== '' && !all.some((one) => one.name === asked))
    return { problem: `container ${asked} is not valid for pod ${name}` }
  if (!nodeName) return { problem: `pod ${name} does not have a host assigned` }
  return { container: asked || containers[0]!.name }
}

const isTrue = (text: string | undefined): boolean => text === 'true' || text === '1'

function run(
  begin: (stdin?: string) => ExecHandle,
  wantsInput: boolean,
  open: (listener: Parameters<typeof acceptSocket>[3]) => Socket,
): Ongoing {
  let input = ''
  let handle: ExecHandle | undefined
  let isOver = false
  const start = (stdin?: string): void => {
    handle ??= begin(stdin)
  }
  const stop = (): void => {
    isOver = true
    handle?.stop()
  }
  const socket = open({
    message(channel, data) {
      if (channel === 0) input += data.toString('utf8')
      // its input is given as a whole: the command starts once there will be no more
      if (channel === closeSignal && wantsInput) start(input)
    },
    closed: stop,
  })
  if (!wantsInput) start()
  return {
    pump() {
      if (isOver || handle === undefined) return !isOver
      const written = handle.take()
      if (written.stdout !== '') socket.send(stdout, written.stdout)
      if (written.stderr !== '') socket.send(stderr, written.stderr)
      const ended = handle.ended()
      if (ended === undefined) return true
      socket.send(errors, JSON.stringify(statusOf(ended)))
      socket.close()
      return false
    },
    stop,
  }
}

// upstream: staging/src/k8s.io/kubelet/pkg/cri/streaming/remotecommand/exec.go
function statusOf({ code, error }: { readonly code: number; readonly error?: string }): object {
  if (error !== undefined)
    return {
      metadata: {},
      status: 'Failure',
      message: `Internal error occurred: ${error}`,
      reason: 'InternalError',
      code: 500,
    }
  if (code === 0) return { metadata: {}, status: 'Success' }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  }
}

function impossible(message: string): HttpAnswer {
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'BadRequest',
    code: 400,
  }
  return { code: 400, headers: { 'content-type': 'application/json' }, body, warnings: [] }
}
