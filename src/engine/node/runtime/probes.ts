import type { Sim } from '../../sim/index.ts'
import type { Network } from '../network/network.ts'
import type { Containers } from './containers.ts'
import type { ServiceRequest } from './kernel/host.ts'
import type { NodeRuntime } from './nodeRuntime.ts'
import type { ProbeAnswer, ProbeTarget, Reply } from './runtime.ts'

const probeMs = 1

/** The probes of all kubelets: each asks a port and is answered in virtual time. */
export function createProbes(sim: Sim, network: Network, containers: Containers): Pick<NodeRuntime, 'probe'> {
  function probe(node: string, target: ProbeTarget, reply: Reply): void {
    const own = network.listenerAt(target.host, target.port, 'TCP')?.containerId
    const connection = own === undefined ? network.connect({ node }, target.host, target.port) : undefined
    if (connection && connection.outcome !== 'connected') {
      if (connection.outcome !== 'silent') answerProbe(reply, { kind: 'refused' }, probeMs)
      return
    }
    const id = own ?? (connection?.outcome === 'connected' ? connection.listener.containerId : '')
    const port = connection?.outcome === 'connected' ? connection.listener.port : target.port
    if (target.kind === 'tcp') return answerProbe(reply, { kind: 'tcp' }, probeMs)
    const answer = containers.serve(id, port, requestOf(target))
    if (!answer) return
    const delay = probeMs + (answer.delayMs ?? 0)
    if (target.kind === 'grpc')
      return answerProbe(reply, { kind: 'grpc', status: answer.status === 200 ? 'SERVING' : 'NOT_SERVING' }, delay)
    const location = answer.headers?.Location
    answerProbe(
      reply,
      { kind: 'http', status: answer.status, body: answer.body, ...(location === undefined ? {} : { location }) },
      delay,
    )
  }

  function answerProbe(reply: Reply, result: ProbeAnswer['result'], delayMs: number): void {
    const event: ProbeAnswer = { type: 'probe.answered', token: reply.token, result }
    // Probes go on for ever: they keep no cluster from having settled.
    sim.schedulePeriodic(delayMs, reply.to, event)
  }

  return { probe }
}

function requestOf(target: Exclude<ProbeTarget, { kind: 'tcp' }>): ServiceRequest {
  if (target.kind === 'grpc')
    return {
      protocol: 'grpc',
      method: 'POST',
      path: `/grpc.health.v1.Health/Check/${target.service}`,
      host: target.host,
      headers: {},
      body: '',
    }
  const headers = Object.fromEntries([
    ['User-Agent', 'kube-probe/1.36'],
    ...target.headers.map(({ name, value }) => [name, value]),
  ]) as Record<string, string>
  return {
    protocol: 'http',
    method: 'GET',
    path: target.path,
    host: headers.Host ?? target.host,
    headers,
    body: '',
    isTls: target.scheme === 'HTTPS',
  }
}
