import { bool, duration, int } from '../../args/flags.ts'
import { defineCommand, type Waiting } from '../../defineCommand.ts'
import { CommandError, throwAll } from '../../errors.ts'
import type { Deployment, KubeObject } from '../../engine.ts'
import { rolloutFlags, rolloutInfos } from './objects.ts'

/** Show the status of the rollout. */
export const rolloutStatus = defineCommand({
  name: 'status',
  usage: 'rollout status (TYPE NAME | TYPE/NAME) [flags]',
  summary: 'Show the status of the rollout',
  completes: 'resources',
  flags: {
    ...rolloutFlags,
    revision: int('The revision to wait for', 0),
    timeout: duration('How long to wait; 0: as long as it takes', 0),
    watch: bool('Wait until the rollout has ended', true, { short: 'w' }),
  },
  *run(call): Waiting {
    const { cluster, io, flags, now } = call
    const { infos, errors } = rolloutInfos(call)
    throwAll(errors)
    const deadline = flags.timeout > 0 ? now() + flags.timeout : Infinity
    for (const info of infos) {
      if (info.kind.kind !== 'Deployment')
        throw new CommandError(`no status viewer has been implemented for ${info.kind.kind}`)
      let said = ''
      for (;;) {
        const object = cluster.find<KubeObject>(info)
        if (object === undefined) throw new CommandError('object has been deleted')
        const { text, isDone } = deploymentStatus(object as Deployment, flags.revision)
        if (text !== said) io.out(`${text}\n`)
        said = text
        if (isDone || !flags.watch) break
        if (now() >= deadline) throw new CommandError('timed out waiting for the condition')
        yield
      }
    }
    return 0
  },
})

interface Status {
  readonly text: string
  readonly isDone: boolean
}

// upstream: kubectl/pkg/polymorphichelpers/rollout_status.go
function deploymentStatus({ metadata, spec, status }: Deployment, revision: number): Status {
  const annotated = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  if (revision > 0 && revision !== annotated)
    throw new CommandError(`desired revision (${revision}) is different from the running revision (${annotated})`)
  const head = `Waiting for deployment "${metadata.name}" rollout to finish:`
  const waiting = (text: string): Status => ({ text, isDone: false })
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0))
    return waiting('Waiting for deployment spec update to be observed...')
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    throw new CommandError(`deployment "${metadata.name}" exceeded its progress deadline`)
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {}
  if (updatedReplicas < (spec.replicas ?? 1))
    return waiting(`${head} ${updatedReplicas} out of ${spec.replicas ?? 1} new replicas have been updated...`)
  if (replicas > updatedReplicas)
    return waiting(`${head} ${replicas - updatedReplicas} old replicas are pending termination...`)
  if (availableReplicas < updatedReplicas)
    return waiting(`${head} ${availableReplicas} of ${updatedReplicas} updated replicas are available...`)
  return { text: `deployment "${metadata.name}" successfully rolled out`, isDone: true }
}
