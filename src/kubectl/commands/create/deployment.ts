import { int, list } from '../../args/flags.ts'
import { CommandError } from '../../errors.ts'
import { defineGenerator } from './generator.ts'

/** Create a deployment with the specified name. */
export const createDeployment = defineGenerator({
  name: 'deployment',
  aliases: ['deploy'],
  usage: 'create deployment NAME --image=image -- [COMMAND] [args...]',
  summary: 'Create a deployment with the specified name',
  examples: [
    'kubectl create deployment web --image=nginx --replicas=3',
    'kubectl create deployment job --image=busybox -- date',
  ],
  makes: { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', namespaced: true },
  failure: 'failed to create deployment:',
  flags: {
    image: list('Image to run; several make several containers', { isRequired: true }),
    port: int('The port the container listens on', -1, { bits: 32 }),
    replicas: int('How many pods', 1, { short: 'r', bits: 32 }),
  },
  make({ flags, args, dash }, name) {
    const command = dash < 0 ? [] : args.slice(dash)
    if (flags.image.length > 1 && command.length > 0)
      throw new CommandError('cannot specify multiple --image options and command')
    const labels = { app: name }
    const containers = flags.image.map((image) => ({
      name: containerName(image),
      image,
      ...(command.length > 0 && { command }),
      ...(flags.port >= 0 && { ports: [{ containerPort: flags.port }] }),
      resources: {},
    }))
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas: flags.replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
        strategy: {},
      },
      status: {},
    }
  },
})

/** `registry.example.com/team/app:1.2` → `app` */
export function containerName(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1).split(/[:@]/)[0]!
  // differs: upstream appends random letters where it has to replace characters
  return name.replace(/[_.]/g, '-').toLowerCase()
}
