import { text } from '../../args/flags.ts'
import { infosOf } from '../../args/resources.ts'
import type { Call } from '../../defineCommand.ts'
import { CommandError, throwAll } from '../../errors.ts'
import type { CronJob } from '../../engine.ts'
import { defineGenerator, type Made } from './generator.ts'

/** Create a job with the specified name, of an image or as a cron job would make it. */
// upstream: kubectl/pkg/cmd/create/create_job.go
export const createJob = defineGenerator({
  name: 'job',
  usage: 'create job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  summary: 'Create a job with the specified name',
  examples: ['kubectl create job hello --image=busybox -- date', 'kubectl create job now --from=cronjob/nightly'],
  makes: { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true },
  failure: 'failed to create job:',
  flags: {
    image: text('Image to run'),
    from: text('The cron job to make it from: cronjob/NAME'),
  },
  make({ flags, args, dash, cluster, io }, name) {
    const { image, from } = flags
    if ((image === '') === (from === '')) throw new CommandError('either --image or --from must be specified')
    const command = dash < 0 ? [] : args.slice(dash)
    if (from === '')
      return jobOf({ metadata: { name }, spec: { template: podTemplate(name, image, command, 'Never') } })
    if (command.length > 0) throw new CommandError('cannot specify --from and command')
    return fromCronJob(name, cronJobAt({ cluster, io }, from))
  },
})

const jobOf = (rest: { readonly metadata: object; readonly spec: object }): Made => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  ...rest,
  status: {},
})

/** The pods of a job that was written on the command line. */
export function podTemplate(name: string, image: string, command: readonly string[], restartPolicy: string): object {
  const container = { name, image, ...(command.length > 0 && { command }), resources: {} }
  return { metadata: {}, spec: { containers: [container], restartPolicy } }
}

function cronJobAt({ cluster, io }: Pick<Call, 'cluster' | 'io'>, from: string): CronJob {
  const { infos, errors } = infosOf({ cluster, io, args: [from] })
  throwAll(errors)
  const [object] = infos.map((info) => info.object)
  if (object?.kind !== 'CronJob')
    throw new CommandError(`unknown object type *${object?.apiVersion.replace(/^.*\//, '')}.${object?.kind}`)
  return object as CronJob
}

function fromCronJob(name: string, { apiVersion, kind, metadata, spec }: CronJob): Made {
  const { metadata: own, spec: jobSpec } = spec.jobTemplate
  const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }
  const annotations = { 'cronjob.kubernetes.io/instantiate': 'manual', ...own?.annotations }
  const labels = own?.labels
  const template = { metadata: {}, ...jobSpec?.template }
  return jobOf({
    metadata: { name, ...(labels && { labels }), annotations, ownerReferences: [owner] },
    spec: { ...jobSpec, template },
  })
}
