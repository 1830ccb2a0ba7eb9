import { text } from '../../args/flags.ts'
import { defineGenerator } from './generator.ts'
import { podTemplate } from './job.ts'

/** Create a cron job with the specified name. */
// upstream: kubectl/pkg/cmd/create/create_cronjob.go
export const createCronJob = defineGenerator({
  name: 'cronjob',
  aliases: ['cj'],
  usage: "create cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]",
  summary: 'Create a cron job with the specified name',
  examples: ["kubectl create cronjob tick --image=busybox --schedule='*/5 * * * *' -- date"],
  makes: { group: 'batch', version: 'v1', kind: 'CronJob', plural: 'cronjobs', namespaced: true },
  failure: 'failed to create cronjob:',
  flags: {
    image: text('Image to run', '', { isRequired: true }),
    schedule: text('When to run, in the words of cron', '', { isRequired: true }),
    restart: text("The job's restart policy: OnFailure or Never"),
  },
  make({ flags, args, dash }, name) {
    const command = dash < 0 ? [] : args.slice(dash)
    const template = podTemplate(name, flags.image, command, flags.restart || 'OnFailure')
    return {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name },
      spec: { schedule: flags.schedule, jobTemplate: { metadata: { name }, spec: { template } } },
      status: {},
    }
  },
})
