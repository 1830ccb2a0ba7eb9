import { CommandError } from '../../errors.ts'
import type { DaemonSet, Deployment, KubeObject, StatefulSet } from '../../engine.ts'

/** How far a rollout is. */
export interface RolloutState {
  readonly text: string
  readonly isDone: boolean
}

/** Reads a rollout's state off an object; `revision` is the one waited for, 0 for any. */
export type StatusViewer = (object: KubeObject, revision: number) => RolloutState

/** The kinds whose rollout can be watched. */
// upstream: kubectl/pkg/polymorphichelpers/rollout_status.go
export const statusViewers: Readonly<Record<string, StatusViewer>> = {
  Deployment: (object, revision) => deploymentState(object as Deployment, revision),
  DaemonSet: (object) => daemonSetState(object as DaemonSet),
  StatefulSet: (object) => statefulSetState(object as StatefulSet),
}

const waiting = (text: string): RolloutState => ({ text, isDone: false })
const done = (text: string): RolloutState => ({ text, isDone: true })

function deploymentState({ metadata, spec, status }: Deployment, revision: number): RolloutState {
  const annotated = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  if (revision > 0 && revision !== annotated)
    throw new CommandError(`desired revision (${revision}) is different from the running revision (${annotated})`)
  const head = `Waiting for deployment "${metadata.name}" rollout to finish:`
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
  return done(`deployment "${metadata.name}" successfully rolled out`)
}

function demandRolling(type: string | undefined): void {
  if (type !== 'RollingUpdate')
    throw new CommandError('rollout status is only available for RollingUpdate strategy type')
}

function daemonSetState({ metadata, spec, status }: DaemonSet): RolloutState {
  demandRolling(spec.updateStrategy?.type)
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0))
    return waiting('Waiting for daemon set spec update to be observed...')
  const head = `Waiting for daemon set "${metadata.name}" rollout to finish:`
  const { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status ?? {}
  if (updatedNumberScheduled < desiredNumberScheduled)
    return waiting(`${head} ${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...`)
  if (numberAvailable < desiredNumberScheduled)
    return waiting(`${head} ${numberAvailable} of ${desiredNumberScheduled} updated pods are available...`)
  return done(`daemon set "${metadata.name}" successfully rolled out`)
}

function statefulSetState({ metadata, spec, status }: StatefulSet): RolloutState {
  demandRolling(spec.updateStrategy?.type)
  const observed = status?.observedGeneration ?? 0
  if (observed === 0 || (metadata.generation ?? 0) > observed)
    return waiting('Waiting for statefulset spec update to be observed...')
  const { readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0 } = status ?? {}
  const replicas = spec.replicas ?? 0
  if (readyReplicas < replicas) return waiting(`Waiting for ${replicas - readyReplicas} pods to be ready...`)
  const rolling = spec.updateStrategy?.rollingUpdate
  if (rolling) {
    const wanted = replicas - (rolling.partition ?? replicas)
    return updatedReplicas < wanted
      ? waiting(
          `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${wanted} new pods have been updated...`,
        )
      : done(`partitioned roll out complete: ${updatedReplicas} new pods have been updated...`)
  }
  if (status?.updateRevision !== status?.currentRevision)
    return waiting(
      `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${status?.updateRevision}...`,
    )
  return done(`statefulset rolling update complete ${currentReplicas} pods at revision ${status?.currentRevision}...`)
}
