import { int, list } from '../../args/flags.ts'
import { CommandError } from '../../errors.ts'
import { defineGenerator } from './generator.ts'
import { sha256Hex } from './sha256.ts'

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
  make({ flags, args, dash, now }, name) {
    const command = dash < 0 ? [] : args.slice(dash)
    if (flags.image.length > 1 && command.length > 0)
      throw new CommandError('cannot specify multiple --image options and command')
    const labels = { app: name }
    const containers = flags.image.map((image) => ({
      name: containerName(image, now()),
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

/** `registry.example.com/team/app:1.2` → `app`; where characters have to be replaced, five letters make it one of its kind. */
// upstream: kubectl/pkg/cmd/create/create_deployment.go sanitizeAndUniquify
// differs: the letters stand for the image and the time, since chance would differ when a run is played again
export function containerName(image: string, now: number): string {
  const name = image.slice(image.lastIndexOf('/') + 1).split(/[:@]/)[0]!
  if (!/[_.]/.test(name)) return name
  return `${name.replace(/[_.]/g, '-')}-${lettersOf(`${image} ${now}`)}`
}

/** Five of the letters that names made by Kubernetes end in. */
// upstream: apimachinery/pkg/util/rand/rand.go
function lettersOf(text: string): string {
  const hash = sha256Hex(text)
  return [0, 1, 2, 3, 4]
    .map((at) => letters[Number.parseInt(hash.slice(4 * at, 4 * at + 4), 16) % letters.length])
    .join('')
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'
