import { int, strings, text } from '../../args/flags.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import { defineGenerator } from './generator.ts'

const makes = { group: '', version: 'v1', kind: 'Service', plural: 'services', namespaced: true }
const tcp = { tcp: strings('port[:targetPort]; may be repeated') }
const usage = (form: string): string =>
  `create service ${form} NAME --tcp=<port>:<targetPort> [--dry-run=server|client|none]`

const clusterIp = defineGenerator({
  name: 'clusterip',
  usage: usage('clusterip'),
  summary: 'Create a ClusterIP service',
  makes,
  failure: 'failed to create ClusterIP service:',
  flags: { ...tcp, clusterip: text("The address, or 'None' for a headless service") },
  make({ flags }, name) {
    if (flags.tcp.length === 0 && flags.clusterip !== 'None') throw noPorts()
    return serviceOf(
      name,
      'ClusterIP',
      portsOf(flags.tcp),
      flags.clusterip === '' ? {} : { clusterIP: flags.clusterip },
    )
  },
})

const nodePort = defineGenerator({
  name: 'nodeport',
  usage: usage('nodeport'),
  summary: 'Create a NodePort service',
  makes,
  failure: 'failed to create NodePort service:',
  flags: { ...tcp, 'node-port': int('The port on the nodes', 0) },
  make({ flags }, name) {
    if (flags.tcp.length === 0) throw noPorts()
    const nodePort = flags['node-port']
    const ports = portsOf(flags.tcp).map((port) => (nodePort === 0 ? port : { ...port, nodePort }))
    return serviceOf(name, 'NodePort', ports, {})
  },
})

const loadBalancer = defineGenerator({
  name: 'loadbalancer',
  usage: usage('loadbalancer'),
  summary: 'Create a LoadBalancer service',
  makes,
  failure: 'failed to create LoadBalancer service:',
  flags: tcp,
  make({ flags }, name) {
    if (flags.tcp.length === 0) throw noPorts()
    return serviceOf(name, 'LoadBalancer', portsOf(flags.tcp), {})
  },
})

const externalName = defineGenerator({
  name: 'externalname',
  usage: 'create service externalname NAME --external-name external.name [--dry-run=server|client|none]',
  summary: 'Create an ExternalName service',
  makes,
  failure: 'failed to create ExternalName service:',
  flags: { ...tcp, 'external-name': text('The name that the service stands for', '', { isRequired: true }) },
  make({ flags }, name) {
    const externalName = flags['external-name']
    if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(externalName))
      throw new CommandError(`invalid service external name ${externalName}`)
    return serviceOf(name, 'ExternalName', portsOf(flags.tcp), { externalName })
  },
})

/** Create a service using a specified subcommand. */
export const createService = defineCommand({
  name: 'service',
  aliases: ['svc'],
  usage: 'create service [flags] [options]',
  summary: 'Create a service using a specified subcommand',
  subcommands: [clusterIp, externalName, loadBalancer, nodePort],
})

const noPorts = (): CommandError => new CommandError('at least one tcp port specifier must be provided')

interface Port {
  readonly name: string
  readonly protocol: string
  readonly port: number
  readonly targetPort: number | string
}

function portsOf(specs: readonly string[]): readonly Port[] {
  return specs.map((spec) => {
    const [port = '', target = port] = spec.split(':')
    const number = readPort(port)
    const targetPort = /^\d+$/.test(target) ? readPort(target) : target
    if (typeof targetPort === 'string') refusePortName(targetPort)
    return {
      name: spec.replaceAll(':', '-'),
      protocol: 'TCP',
      port: number,
      targetPort: target === port ? number : targetPort,
    }
  })
}

// upstream: apimachinery/pkg/util/validation IsValidPortName
function refusePortName(name: string): void {
  const complaints = [
    ...(name.length > 15 ? ['must be no more than 15 characters'] : []),
    ...(/^[a-zA-Z0-9-]+$/.test(name) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
    ...(/[a-z]/i.test(name) ? [] : ['must contain at least one letter (a-z)']),
    ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
    ...(/^-|-$/.test(name) ? ['must not begin or end with a hyphen'] : []),
  ]
  if (complaints.length > 0) throw new CommandError(complaints.join(','))
}

/** Reads a port as Go would, in its words. */
export function readPort(word: string): number {
  if (!/^\d+$/.test(word)) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(word)}: invalid syntax`)
  if (Number(word) > 65_535)
    throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(word)}: value out of range`)
  return Number(word)
}

function serviceOf(name: string, type: string, ports: readonly Port[], more: object) {
  const labels = { app: name }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels },
    spec: { ...(ports.length > 0 && { ports }), selector: labels, ...more, type },
    status: { loadBalancer: {} },
  }
}
