import { int, text } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { infosOf } from '../args/resources.ts'
import { dryRun, fieldManager, files, output, record } from '../args/shared.ts'
import { apiVersionOf, resourcePath } from '../cluster.ts'
import { defineCommand, type Call } from '../defineCommand.ts'
import { CommandError, gather, throwAll } from '../errors.ts'
import { ApiError, parseQuantity, type KindInfo, type KubeObject } from '../engine.ts'
import type { Info } from '../manifests/objects.ts'
import { createReporter, readDryRun, typed } from '../printers/output.ts'
import { recorded } from './record.ts'

const flags = {
  ...files,
  ...dryRun,
  ...output,
  ...record,
  ...fieldManager('kubectl-autoscale'),
  cpu: text('Target use of CPU: 70% of what is requested, or 500m for each pod'),
  'cpu-percent': int('Target use of CPU in percent', -1, {
    deprecated:
      "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
  }),
  max: int('The most pods there may be', -1, { isRequired: true }),
  memory: text('Target use of memory: 70% of what is requested, or 200Mi for each pod'),
  min: int('The fewest pods there may be', -1),
  name: text('Name of the autoscaler; else that of the object'),
}

const autoscaler = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  namespaced: true,
} as KindInfo

/** Auto-scale a deployment, replica set, stateful set, or replication controller. */
export const autoscale = defineCommand({
  name: 'autoscale',
  usage: 'autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]',
  summary: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  completes: 'resources',
  flags,
  run(call) {
    const { cluster, io, args, flags } = call
    if (flags.max < 1)
      throw new CommandError('--max=MAXPODS is required and must be at least 1, max: ' + String(flags.max))
    if (flags.max < flags.min)
      throw new CommandError(
        `--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${flags.max}, min: ${flags.min}`,
      )
    if (flags['cpu-percent'] > 0 && flags.cpu !== '')
      throw new CommandError('--cpu-percent and --cpu are mutually exclusive')
    const dry = readDryRun(flags['dry-run'])
    const { infos, errors } = infosOf({ ...flags, cluster, io, args })
    const report = createReporter(flags, io, dry, true)
    const failures = gather(infos, (info) => {
      refuseScaleless(info)
      const object = recorded(call, autoscalerFor(call, info))
      const kind = cluster.api.findKind('horizontalpodautoscalers.autoscaling') ?? autoscaler
      const target = { kind, name: object.metadata.name }
      if (dry === 'client') report(target, 'autoscaled', object)
      else
        report(
          target,
          'autoscaled',
          orIncompatible(flags, () =>
            cluster.create<KubeObject>(kind, cluster.namespace, object, writeOptions(dry, flags['field-manager'])),
          ),
        )
    })
    throwAll([...errors, ...failures])
    return 0
  },
})

// upstream: client-go/scale/util.go ScaleForResource
function refuseScaleless({ kind }: Info): void {
  const isScalable = kind.subresources?.includes('scale') ?? false
  if (!isScalable)
    throw new CommandError(
      `cannot autoscale a ${kind.kind}: could not find scale subresource for ${resourcePath(kind)} in discovery information`,
    )
}

/** What autoscaling/v2 refuses is tried with v1, which knows a share of CPU alone, and looks for it in --cpu first. */
// upstream: kubectl/pkg/cmd/autoscale/autoscale.go canCreateHPAV1
function orIncompatible<T>({ cpu, memory }: Call<typeof flags>['flags'], create: () => T): T {
  try {
    return create()
  } catch (error) {
    const why = cpu === '' ? 'empty input' : memory !== '' || !cpu.endsWith('%') ? '%!w(<nil>)' : undefined
    if (!(error instanceof ApiError) || why === undefined) throw error
    throw new CommandError(
      `failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: ${why}`,
    )
  }
}

function autoscalerFor({ flags: given, cluster }: Call<typeof flags>, { kind, name }: Info) {
  const cpu = given.cpu !== '' ? given.cpu : given['cpu-percent'] >= 0 ? `${given['cpu-percent']}%` : ''
  const metrics = [metricOf('cpu', cpu), metricOf('memory', given.memory)].flat()
  return {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v2',
    metadata: {
      name: given.name === '' ? name : given.name,
      ...(cluster.isNamespaceGiven && { namespace: cluster.namespace }),
    },
    spec: {
      scaleTargetRef: { kind: kind.kind, name, apiVersion: apiVersionOf(kind) },
      ...(given.min > 0 && { minReplicas: given.min }),
      maxReplicas: given.max,
      ...(metrics.length > 0 && { metrics }),
    },
    status: { desiredReplicas: 0, currentMetrics: null },
    [typed]: true,
  }
}

function metricOf(name: string, wanted: string): readonly object[] {
  if (wanted === '') return []
  if (/^\d+%$/.test(wanted))
    return [
      {
        type: 'Resource',
        resource: { name, target: { type: 'Utilization', averageUtilization: parseInt(wanted, 10) } },
      },
    ]
  if (Number.isNaN(parseQuantity(wanted))) throw new CommandError(`invalid resource ${name} value: ${wanted}`)
  return [{ type: 'Resource', resource: { name, target: { type: 'AverageValue', averageValue: wanted } } }]
}
