import { text } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { infosOf } from '../args/resources.ts'
import { dryRun, fieldManager, files, output, record } from '../args/shared.ts'
import { defineCommand, type Call } from '../defineCommand.ts'
import { CommandError, throwAll } from '../errors.ts'
import type { KubeObject } from '../engine.ts'
import type { Info } from '../manifests/objects.ts'
import { createReporter, readDryRun, typed } from '../printers/output.ts'
import { overridden, overrideType } from './overrides.ts'
import { recorded } from './record.ts'

const flags = {
  ...files,
  ...dryRun,
  ...output,
  ...record,
  ...fieldManager('kubectl-expose'),
  'cluster-ip': text("The address, or 'None' for a headless service"),
  'external-ip': text('An address that traffic also comes to'),
  labels: text('Labels of the service', '', { short: 'l' }),
  'load-balancer-ip': text('Address of the load balancer'),
  name: text('Name of the service; else that of the object'),
  overrides: text('JSON to merge into the service'),
  ...overrideType('merge'),
  port: text('The port that the service listens on'),
  protocol: text('TCP, UDP or SCTP'),
  selector: text('Labels of the pods; else those that the object selects'),
  'session-affinity': text('None or ClientIP'),
  'target-port': text('The port of the pods'),
  type: text('ClusterIP, NodePort, LoadBalancer or ExternalName'),
}

/** Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service. */
export const expose = defineCommand({
  name: 'expose',
  usage:
    'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  summary: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  examples: ['kubectl expose deployment web --port=80 --target-port=8080'],
  completes: 'resources',
  flags,
  run(call) {
    const { cluster, io, args, flags } = call
    const dry = readDryRun(flags['dry-run'])
    const { infos, errors } = infosOf({
      cluster,
      io,
      args,
      filename: flags.filename,
      kustomize: flags.kustomize,
      recursive: flags.recursive,
    })
    throwAll(errors)
    const report = createReporter(flags, io, dry)
    for (const info of infos) {
      const service = recorded(call, overridden(serviceFor(call, info), 'Service', flags))
      const kind = cluster.kind('services')
      const target = { kind, name: service.metadata.name }
      if (dry === 'client') report(target, 'exposed', service)
      else
        report(
          target,
          'exposed',
          cluster.create<KubeObject>(kind, cluster.namespace, service, writeOptions(dry, flags['field-manager'])),
        )
    }
    return 0
  },
})

interface Exposable {
  readonly spec?: {
    readonly selector?: {
      readonly matchLabels?: Record<string, string>
      readonly matchExpressions?: readonly unknown[]
    } & Record<string, unknown>
    readonly containers?: readonly Container[]
    readonly ports?: readonly { readonly port: number; readonly protocol?: string; readonly name?: string }[]
    readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } }
  }
}

interface Container {
  readonly ports?: readonly { readonly containerPort: number; readonly protocol?: string; readonly name?: string }[]
}

const exposable: ReadonlySet<string> = new Set(['Pod', 'Service', 'ReplicationController', 'Deployment', 'ReplicaSet'])

function serviceFor({ cluster, flags: given }: Call<typeof flags>, { object, kind, name }: Info) {
  if (!exposable.has(kind.kind)) throw new CommandError(`cannot expose a ${kind.kind}.${kind.group}`.replace(/\.$/, ''))
  const selector = given.selector === '' ? selectorOf(object) : readLabels(given.selector)
  const labels = given.labels === '' ? (object.metadata.labels ?? {}) : readLabels(given.labels)
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: {
      name: given.name === '' ? name.slice(0, 63) : given.name,
      ...(cluster.isNamespaceGiven && { namespace: cluster.namespace }),
      ...(Object.keys(labels).length > 0 && { labels }),
    },
    spec: {
      ports: portsOf(object, given),
      selector,
      ...(given['cluster-ip'] !== '' && { clusterIP: given['cluster-ip'] }),
      ...(given.type !== '' && { type: given.type }),
      ...(given['external-ip'] !== '' && { externalIPs: [given['external-ip']] }),
      ...(given['load-balancer-ip'] !== '' && { loadBalancerIP: given['load-balancer-ip'] }),
      ...(given['session-affinity'] !== '' && { sessionAffinity: given['session-affinity'] }),
    },
    status: { loadBalancer: {} },
    [typed]: true,
  }
}

function selectorOf(object: KubeObject): Readonly<Record<string, unknown>> {
  if (object.kind === 'Pod') {
    const { labels } = object.metadata
    if (labels === undefined || Object.keys(labels).length === 0)
      throw new CommandError(
        `couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed`,
      )
    return labels
  }
  const { selector } = (object as Exposable).spec ?? {}
  if (object.kind === 'Service' || object.kind === 'ReplicationController') {
    if (selector === undefined)
      throw new CommandError(
        `couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set`,
      )
    return selector
  }
  if ((selector?.matchExpressions?.length ?? 0) > 0)
    throw new CommandError(
      `couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - "${JSON.stringify(selector?.matchExpressions)}" to map-based selector format`,
    )
  return selector?.matchLabels ?? {}
}

interface Found {
  readonly port: number
  readonly protocol: string
}

function portsOf(
  object: KubeObject,
  given: { readonly port: string; readonly protocol: string; readonly 'target-port': string },
) {
  const found = foundPorts(object)
  const ports = given.port === '' ? found.map(({ port }) => port) : given.port.split(',').map(readPlainPort)
  if (ports.length === 0) throw new CommandError(`couldn't find port via --port flag or introspection`)
  const target = given['target-port']
  return ports.map((port, index) => ({
    ...(ports.length > 1 && { name: `port-${index + 1}` }),
    protocol: given.protocol !== '' ? given.protocol : (found.find((one) => one.port === port)?.protocol ?? 'TCP'),
    port,
    targetPort: target === '' ? port : /^\d+$/.test(target) ? Number(target) : target,
  }))
}

function readPlainPort(word: string): number {
  if (!/^[-+]?\d+$/.test(word)) throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(word)}: invalid syntax`)
  return Number(word)
}

function foundPorts(object: KubeObject): readonly Found[] {
  const { spec = {} } = object as Exposable
  if (object.kind === 'Service') return (spec.ports ?? []).map(({ port, protocol = 'TCP' }) => ({ port, protocol }))
  const containers = (object.kind === 'Pod' ? spec.containers : spec.template?.spec?.containers) ?? []
  return containers.flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, protocol = 'TCP' }) => ({ port: containerPort, protocol })),
  )
}

/** `app=web,tier=front` as labels. */
export function readLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [key = '', value, ...rest] = pair.split('=')
      if (key === '' || value === undefined || rest.length > 0) throw new CommandError(`unexpected label spec: ${pair}`)
      return [key, value]
    }),
  )
}
