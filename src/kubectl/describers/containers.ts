import { cpuMilli, parseQuantity, type Pod } from '../engine.ts'
import type { Sheet } from './defineDescriber.ts'
import { longTime } from './parts.ts'

type Container = Pod['spec']['containers'][number]
type ContainerStatus = NonNullable<Pod['status']['containerStatuses']>[number]
type ContainerState = NonNullable<ContainerStatus['state']>

interface Options {
  /** a template has no statuses, and is indented by one */
  readonly isTemplate: boolean
  readonly statuses?: readonly ContainerStatus[] | undefined
  /** what a field reference stands for, in a pod that runs */
  readonly pod?: Pod
}

/** The containers of a pod or of a template. */
// upstream: kubectl/pkg/describe/describe.go describeContainers
export function containerLines(
  sheet: Sheet,
  title: string,
  containers: readonly Container[],
  { isTemplate, statuses = [], pod }: Options,
): void {
  const level = isTemplate ? 1 : 0
  if (containers.length === 0) return sheet.line(level, `${title}: <none>`)
  sheet.line(level, `${title}:`)
  for (const container of containers) {
    const status = statuses.find(({ name }) => name === container.name)
    sheet.line(1, `${isTemplate ? ' ' : ''}${container.name}:`)
    basicLines(sheet, container, status)
    commandLines(sheet, 'Command', container.command)
    commandLines(sheet, 'Args', container.args)
    if (status !== undefined) statusLines(sheet, status)
    resourceLines(sheet, 2, container.resources)
    probeLines(sheet, container)
    fromLines(sheet, container.envFrom)
    envLines(sheet, container, pod)
    mountLines(sheet, container)
  }
}

function basicLines(sheet: Sheet, container: Container, status: ContainerStatus | undefined): void {
  const ports = container.ports ?? []
  const [one, many] = ports.length > 1 ? ['Ports:', 'Host Ports:'] : ['Port:', 'Host Port:']
  const suffix = (name: string | undefined): string => (name ? ` (${name})` : '')
  const shown = (text: string): string => (text === '' ? '<none>' : text)
  if (status !== undefined) sheet.line(2, 'Container ID:', status.containerID ?? '')
  sheet.line(2, 'Image:', container.image ?? '')
  if (status !== undefined) sheet.line(2, 'Image ID:', status.imageID)
  sheet.line(
    2,
    one,
    shown(
      ports
        .map(({ containerPort, protocol = 'TCP', name }) => `${containerPort}/${protocol}${suffix(name)}`)
        .join(', '),
    ),
  )
  sheet.line(
    2,
    many,
    shown(ports.map(({ hostPort = 0, protocol = 'TCP', name }) => `${hostPort}/${protocol}${suffix(name)}`).join(', ')),
  )
}

function commandLines(sheet: Sheet, title: string, words: readonly string[] | undefined): void {
  if ((words ?? []).length === 0) return
  sheet.line(2, `${title}:`)
  for (const word of words!) for (const line of word.split('\n')) sheet.line(3, line)
}

function statusLines(sheet: Sheet, status: ContainerStatus): void {
  stateLines(sheet, 'State', status.state)
  if (status.lastState?.terminated) stateLines(sheet, 'Last State', status.lastState)
  sheet.line(2, 'Ready:', status.ready ? 'True' : 'False')
  sheet.line(2, 'Restart Count:', status.restartCount)
}

function stateLines(sheet: Sheet, title: string, state: ContainerState | undefined): void {
  const { running, terminated, waiting } = state ?? {}
  if (running) {
    sheet.line(2, `${title}:`, 'Running')
    sheet.line(3, 'Started:', longTime(running.startedAt))
  } else if (terminated) {
    sheet.line(2, `${title}:`, 'Terminated')
    if (terminated.reason) sheet.line(3, 'Reason:', terminated.reason)
    if (terminated.message) sheet.line(3, 'Message:', terminated.message)
    sheet.line(3, 'Exit Code:', terminated.exitCode)
    if ((terminated.signal ?? 0) > 0) sheet.line(3, 'Signal:', terminated.signal)
    sheet.line(3, 'Started:', longTime(terminated.startedAt))
    sheet.line(3, 'Finished:', longTime(terminated.finishedAt))
  } else {
    sheet.line(2, `${title}:`, 'Waiting')
    if (waiting?.reason) sheet.line(3, 'Reason:', waiting.reason)
  }
}

/** The limits and requests of a container, or of a whole pod. */
export function resourceLines(sheet: Sheet, level: number, resources: Container['resources']): void {
  for (const [title, values] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const names = Object.keys(values ?? {}).sort()
    if (names.length === 0) continue
    sheet.line(level, `${title}:`)
    for (const name of names) sheet.line(level + 1, `${name}:`, values![name])
  }
}

function probeLines(sheet: Sheet, { livenessProbe, readinessProbe, startupProbe }: Container): void {
  if (livenessProbe) sheet.line(2, 'Liveness:', probeText(livenessProbe))
  if (readinessProbe) sheet.line(2, 'Readiness:', probeText(readinessProbe))
  if (startupProbe) sheet.line(2, 'Startup:', probeText(startupProbe))
}

/** `http-get http://:8080/healthz delay=0s timeout=1s period=10s #success=1 #failure=3` */
function probeText(probe: NonNullable<Container['livenessProbe']>): string {
  const {
    initialDelaySeconds = 0,
    timeoutSeconds = 1,
    periodSeconds = 10,
    successThreshold = 1,
    failureThreshold = 3,
  } = probe
  const times = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`
  return `${probeTarget(probe)} ${times}`
}

function probeTarget({ exec, httpGet, tcpSocket, grpc }: NonNullable<Container['livenessProbe']>): string {
  if (exec) return `exec [${(exec.command ?? []).join(' ')}]`
  if (httpGet) {
    const { scheme = 'HTTP', host = '', port, path = '' } = httpGet
    const shownHost = host.includes(':') ? `[${host}]` : host
    const rooted = path === '' || path.startsWith('/') ? path : `/${path}`
    return `http-get ${scheme.toLowerCase()}://${shownHost}:${String(port)}${encodeURI(rooted).replaceAll('?', '%3F').replaceAll('#', '%23')}`
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${String(tcpSocket.port)}`
  return grpc ? `grpc <pod>:${grpc.port} ${grpc.service ?? ''}` : 'unknown'
}

function fromLines(sheet: Sheet, sources: Container['envFrom']): void {
  if ((sources ?? []).length === 0) return
  sheet.line(2, 'Environment Variables from:')
  for (const { configMapRef, secretRef, prefix } of sources!) {
    const from = configMapRef ? 'ConfigMap' : 'Secret'
    const { name = '', optional = false } = configMapRef ?? secretRef ?? {}
    sheet.line(3, name, `${from}${prefix ? ` with prefix '${prefix}'` : ''}`, `Optional: ${optional}`)
  }
}

function envLines(sheet: Sheet, container: Container, pod: Pod | undefined): void {
  const { env = [] } = container
  if (env.length === 0) return sheet.line(2, 'Environment:', '<none>')
  sheet.line(2, 'Environment:')
  for (const { name, value = '', valueFrom } of env) {
    if (valueFrom && !isShown(valueFrom)) continue
    if (!valueFrom) {
      const [first, ...rest] = value.split('\n')
      sheet.line(3, `${name}:`, first)
      for (const line of rest) sheet.line(3, '', line)
    } else sheet.line(3, `${name}:`, ...referenceCells(valueFrom, container, pod))
  }
}

type Source = NonNullable<NonNullable<Container['env']>[number]['valueFrom']>

const isShown = ({ fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef }: Source): boolean =>
  Boolean(fieldRef ?? resourceFieldRef ?? secretKeyRef ?? configMapKeyRef)

/** The amount that a container's own resources give for a reference, in units of its divisor. */
// upstream: kubectl/pkg/util/resource/resource.go ExtractContainerResourceValue
function resourceValue(
  { resources }: Container,
  { resource, divisor }: NonNullable<Source['resourceFieldRef']>,
): string {
  const match = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/.exec(resource)
  if (match === null) return ''
  const [, side, name] = match as unknown as readonly [string, 'limits' | 'requests', string]
  const unit = divisor === undefined || parseQuantity(divisor) === 0 ? '1' : String(divisor)
  const amount = resources?.[side]?.[name] ?? '0'
  const value =
    name === 'cpu'
      ? Math.ceil(cpuMilli(amount) / cpuMilli(unit))
      : Math.ceil(parseQuantity(amount) / parseQuantity(unit))
  return value === 0 && side === 'limits' && (name === 'cpu' || name === 'memory') ? 'node allocatable' : String(value)
}

function referenceCells(
  { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef }: Source,
  container: Container,
  pod: Pod | undefined,
): readonly string[] {
  if (fieldRef)
    return [
      `${pod === undefined ? '' : fieldOf(pod, fieldRef.fieldPath)} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`,
    ]
  if (resourceFieldRef) return [`${resourceValue(container, resourceFieldRef)} (${resourceFieldRef.resource})`]
  if (secretKeyRef)
    return [
      `<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name}'>`,
      `Optional: ${secretKeyRef.optional ?? false}`,
    ]
  if (configMapKeyRef)
    return [
      `<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name}'>`,
      `Optional: ${configMapKeyRef.optional ?? false}`,
    ]
  return ['']
}

function fieldOf({ metadata, spec, status }: Pod, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (keyed) return metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? ''
  const known: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.hostIP': status.hostIP,
    'status.hostIPs': status.hostIPs?.map(({ ip }) => ip).join(','),
    'status.podIP': status.podIP,
    'status.podIPs': status.podIPs?.map(({ ip }) => ip).join(','),
  }
  return known[path] ?? ''
}

function mountLines(sheet: Sheet, { volumeMounts = [], volumeDevices = [] }: Container): void {
  if (volumeMounts.length === 0) sheet.line(2, 'Mounts:', '<none>')
  else sheet.line(2, 'Mounts:')
  for (const { mountPath, name, readOnly, subPath } of [...volumeMounts].sort((a, b) =>
    a.mountPath < b.mountPath ? -1 : 1,
  ))
    sheet.line(3, `${mountPath} from ${name} (${readOnly ? 'ro' : 'rw'}${subPath ? `,path="${subPath}"` : ''})`)
  if (volumeDevices.length === 0) return
  // Upstream says <none> here too when there are no mounts.
  sheet.line(2, 'Devices:', ...(volumeMounts.length === 0 ? ['<none>'] : []))
  for (const { devicePath, name } of [...volumeDevices].sort((a, b) => (a.devicePath < b.devicePath ? -1 : 1)))
    sheet.line(3, `${devicePath} from ${name}`)
}
