import { bool, duration, int } from '../../args/flags.ts'
import { kindPath, pathOf } from '../../cluster.ts'
import { defineCommand, type Call, type Waiting } from '../../defineCommand.ts'
import { CommandError, throwAll } from '../../errors.ts'
import type { KubeList, KubeObject } from '../../engine.ts'
import type { Info } from '../../manifests/objects.ts'
import { rolloutFlags, rolloutInfos } from './objects.ts'
import { statusViewers, type StatusViewer } from './statusViewers.ts'

const flags = {
  ...rolloutFlags,
  revision: int('The revision to wait for', 0),
  timeout: duration('How long to wait; 0: as long as it takes', 0),
  watch: bool('Wait until the rollout has ended', true, { short: 'w' }),
}

/** Show the status of the rollout. */
export const rolloutStatus = defineCommand({
  name: 'status',
  usage: 'rollout status (TYPE NAME | TYPE/NAME) [flags]',
  summary: 'Show the status of the rollout',
  completes: 'resources',
  flags,
  *run(call): Waiting {
    const { cluster, io, flags } = call
    const { infos, errors } = rolloutInfos(call)
    if (flags.revision < 0) throw new CommandError(`revision must be a positive integer: ${flags.revision}`)
    throwAll(errors)
    if (infos.length === 0) io.err(`No resources found in ${cluster.namespace} namespace.\n`)
    for (const info of infos) yield* follow(call, info)
    return 0
  },
})

/** One line for the object as it is, and one for each change, until the rollout has ended. */
function* follow({ cluster, io, flags: given, now }: Call<typeof flags>, { kind, namespace, name }: Info): Waiting {
  const viewer = Object.hasOwn(statusViewers, kind.kind) && kind.group === 'apps' ? statusViewers[kind.kind] : undefined
  if (viewer === undefined) throw new CommandError(`no status viewer has been implemented for ${kindPath(kind)}`)
  const deadline = given.timeout > 0 ? now() + given.timeout : Infinity
  const options = { fieldSelector: `metadata.name=${name}` }
  const list = cluster.send<KubeList<KubeObject>>({ verb: 'list', ...pathOf(kind, namespace), options })
  const { resourceVersion = '' } = list.metadata
  const watch = cluster.watch(kind, namespace, { ...options, resourceVersion })
  try {
    for (const object of list.items) if (isOver(viewer, object)) return 0
    for (;;) {
      for (const { type, object } of watch.take()) {
        if (type === 'DELETED') throw new CommandError('object has been deleted')
        if ((type === 'ADDED' || type === 'MODIFIED') && isOver(viewer, object as KubeObject)) return 0
      }
      if (now() >= deadline) throw new CommandError('timed out waiting for the condition')
      yield
    }
  } finally {
    watch.stop()
  }

  function isOver(view: StatusViewer, object: KubeObject): boolean {
    const { text, isDone } = view(object, given.revision)
    io.out(`${text}\n`)
    return isDone || !given.watch
  }
}
