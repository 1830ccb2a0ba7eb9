import {
  formatQuantity,
  formatTime,
  metricsGroup,
  notFound,
  type KubeObject,
  type Node,
  type NodeMetrics,
  type Pod,
  type PodMetrics,
} from '../../api/index.ts'
import { apiVersionOf } from '../../kinds/defineKind.ts'
import type { Passage, Server } from '../passage.ts'
import { tableOf } from '../table.ts'
import { filterOf } from '../watchers.ts'
import type { MetricsServer, NodeSample, PodSample, Usage } from './metricsSource.ts'

/**
 * Answers a get or a list of what is measured: the objects are made of the samples when they are asked for.
 * Throws a 503 where no metrics server answers.
 */
// upstream: kubernetes-sigs/metrics-server pkg/api/{pod,node}.go
export function readMetrics(passage: Passage, server: Server): unknown {
  const { kind, request, namespace, name, options } = passage
  const metrics = server.aggregation.metrics()
  const now = server.sim.now()
  const measured = server.registry.byKind(kind.kind === 'PodMetrics' ? 'Pod' : 'Node')
  const measure = (object: KubeObject): KubeObject | undefined => measuredOf(object, metrics, now)
  if (request.verb === 'get') {
    const found = server.etcd.get(measured.storagePrefix, namespace, name)?.value as KubeObject | undefined
    if (found === undefined) throw notFound({ group: '', resource: measured.plural }, name)
    const object = measure(found)
    if (object === undefined)
      throw notFound(resources[measured.kind]!, namespace === '' ? name : `${namespace}/${name}`)
    return request.asTable ? tableOf(kind, [object], {}, now) : object
  }
  const isSeen = filterOf(kind, options)
  const all = server.etcd.range(measured.storagePrefix, kind.namespaced ? request.namespace || undefined : '')
  const items = all
    .map(({ value }) => value as KubeObject)
    .filter(isSeen)
    .flatMap((object) => measure(object) ?? [])
  if (request.asTable) return tableOf(kind, items, {}, now)
  return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata: {}, items }
}

const resources: Readonly<Record<string, { readonly group: string; readonly resource: string }>> = {
  Pod: { group: metricsGroup, resource: 'podmetrics' },
  Node: { group: metricsGroup, resource: 'nodemetrics' },
}

function measuredOf(object: KubeObject, metrics: MetricsServer, now: number): KubeObject | undefined {
  if (object.kind === 'Node') {
    const sample = metrics.ofNode(object as Node)
    return (
      sample && ({ ...headOf('NodeMetrics', object, sample, now), usage: quantitiesOf(sample.usage) } as NodeMetrics)
    )
  }
  const sample = metrics.ofPod(object as Pod)
  if (sample === undefined) return undefined
  const containers = sample.containers.map(({ name, usage }) => ({ name, usage: quantitiesOf(usage) }))
  return { ...headOf('PodMetrics', object, sample, now), containers } as PodMetrics
}

/** What metrics of every kind begin with. */
function headOf(kind: string, measured: KubeObject, { at, windowMs }: NodeSample | PodSample, now: number) {
  return {
    kind,
    apiVersion: `${metricsGroup}/v1beta1`,
    metadata: metadataOf(measured, now),
    timestamp: formatTime(at),
    window: durationOf(windowMs),
  }
}

/** It was made just now, carries the labels of what was measured, and has neither uid nor version. */
function metadataOf({ metadata }: KubeObject, now: number): KubeObject['metadata'] {
  const { name, namespace, labels } = metadata
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    creationTimestamp: formatTime(now),
    ...(labels !== undefined && { labels }),
  } as KubeObject['metadata']
}

function quantitiesOf({ cpuMilli, memoryBytes }: Usage): NodeMetrics['usage'] {
  return {
    cpu: formatQuantity(`${Math.round(cpuMilli * 1e6)}n`, 'nano'),
    memory: formatQuantity(`${Math.round(memoryBytes / 1024)}Ki`),
  }
}

/** As Go prints it, to the millisecond: `15s`, `12.5s`, `1m0s`. */
function durationOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  return `${minutes > 0 ? `${minutes}m` : ''}${(ms % 60_000) / 1000}s`
}
