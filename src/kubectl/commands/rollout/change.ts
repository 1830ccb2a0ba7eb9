import { writeOptions } from '../../args/options.ts'
import { fieldManager, output } from '../../args/shared.ts'
import { defineCommand, type Call, type Command } from '../../defineCommand.ts'
import { CommandError, gather, throwAll } from '../../errors.ts'
import { formatTime, type Deployment } from '../../engine.ts'
import type { Info } from '../../manifests/objects.ts'
import { createReporter } from '../../printers/output.ts'
import { named, rolloutFlags, rolloutInfos } from './objects.ts'

const flags = { ...rolloutFlags, ...output, ...fieldManager('kubectl-rollout') }

interface Wording {
  readonly name: 'pause' | 'resume' | 'restart'
  readonly done: string
  readonly doing: string
  readonly summary: string
  /** Whether objects of this kind can be treated so: deployments, unless said otherwise. */
  readonly canBe?: (info: Info) => boolean
  /** the patch, or a thrown refusal */
  readonly patch: (info: Info, now: number) => object
}

const isDeployment = ({ kind }: Info): boolean => kind.group === 'apps' && kind.kind === 'Deployment'

function define({ name, done, doing, summary, patch, canBe = isDeployment }: Wording): Command {
  return defineCommand({
    name,
    usage: `rollout ${name} RESOURCE`,
    summary,
    completes: 'resources',
    flags,
    run(call: Call<typeof flags>) {
      const { cluster, io, flags, now } = call
      const { infos, errors } = rolloutInfos(call)
      if (infos.length === 0 && errors.length === 0) io.err(`No resources found in ${cluster.namespace} namespace.\n`)
      const report = createReporter(flags, io)
      const failures = gather(infos, (info) => {
        if (!canBe(info)) throw new CommandError(`error: ${named(info)} ${doing} is not supported`)
        report(
          info,
          done,
          cluster.patch(info, patch(info, now()), 'strategic', writeOptions('none', flags['field-manager'])),
        )
      })
      throwAll([...errors, ...failures])
      return 0
    },
  })
}

const isPaused = ({ object }: Info): boolean => (object as Deployment).spec.paused === true

/** Mark the provided resource as paused. */
export const rolloutPause = define({
  name: 'pause',
  done: 'paused',
  doing: 'pausing',
  summary: 'Mark the provided resource as paused',
  patch(info) {
    if (isPaused(info)) throw new CommandError(`error: ${named(info)} is already paused`)
    return { spec: { paused: true } }
  },
})

/** Resume a paused resource. */
export const rolloutResume = define({
  name: 'resume',
  done: 'resumed',
  doing: 'resuming',
  summary: 'Resume a paused resource',
  patch(info) {
    if (!isPaused(info)) throw new CommandError(`error: ${named(info)} is not paused`)
    return { spec: { paused: null } }
  },
})

const restartedAt = 'kubectl.kubernetes.io/restartedAt'

/** Restart a resource. */
export const rolloutRestart = define({
  name: 'restart',
  done: 'restarted',
  doing: 'restarting',
  summary: 'Restart a resource',
  canBe: ({ kind }) => kind.group === 'apps' && ['Deployment', 'DaemonSet', 'StatefulSet'].includes(kind.kind),
  patch(info, now) {
    if (isPaused(info))
      throw new CommandError(`error: ${named(info)} can't restart paused deployment (run rollout resume first)`)
    const at = formatTime(now)
    const before = (info.object as Deployment).spec.template?.metadata?.annotations?.[restartedAt]
    if (before === at)
      throw new CommandError(
        `failed to create patch for ${info.name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
      )
    return { spec: { template: { metadata: { annotations: { [restartedAt]: at } } } } }
  },
})
