import { defineCommand } from '../../defineCommand.ts'
import type { Service } from '../../engine.ts'
import { clusterInfoDump } from './dump.ts'
import { createSession, serverOf } from '../../kubeconfig.ts'

/** Display addresses of the control plane and of services with the label kubernetes.io/cluster-service=true. */
export const clusterInfo = defineCommand({
  name: 'cluster-info',
  usage: 'cluster-info',
  summary: 'Display cluster information',
  completes: 'none',
  subcommands: [clusterInfoDump],
  run({ cluster, io, context }) {
    const server = `https://${serverOf((context.session ?? createSession()).config)}`
    const services = cluster.list<Service>(cluster.kind('services'), 'kube-system', {
      labelSelector: 'kubernetes.io/cluster-service=true',
    })
    io.out(`Kubernetes control plane is running at ${server}\n`)
    for (const { metadata, spec } of services) {
      const name = metadata.labels?.['kubernetes.io/name'] ?? metadata.name
      const [port] = spec.ports ?? []
      const path = `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}${port?.name ? `:${port.name}` : ''}/proxy`
      io.out(`${name} is running at ${server}${path}\n`)
    }
    io.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n")
    return 0
  },
})
