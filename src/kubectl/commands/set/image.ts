import { splitPairs } from '../../args/pairs.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import { missingResource } from '../../args/resources.ts'
import { draftOf } from '../podTemplate.ts'
import { changeAll, setFlags } from './change.ts'

/** Update the image of a pod template. */
export const setImage = defineCommand({
  name: 'image',
  usage:
    'set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  summary: 'Update the image of a pod template',
  examples: ['kubectl set image deployment/web nginx=nginx:1.28'],
  completes: 'resources',
  flags: setFlags,
  run(call) {
    const { resources, pairs } = splitPairs(call.args, 'image')
    if (resources.length === 0 && call.flags.filename.length === 0) throw new CommandError(missingResource)
    if (pairs.length === 0) throw new CommandError('at least one image update is required')
    const images = pairs.map((pair) => readImage(pair))
    if (images.length > 1 && images.some(([name]) => name === '*'))
      throw new CommandError(
        'all containers are already specified by *, but saw more than one container_name=container_image pairs',
      )
    return changeAll(call, {
      resources,
      done: 'image updated',
      failure: 'image update to pod template:',
      change({ object }) {
        const { draft, template } = draftOf(object)
        const containers = [...(template.spec.initContainers ?? []), ...template.spec.containers]
        for (const [name, image] of images) {
          const meant = containers.filter((container) => name === '*' || container.name === name)
          if (meant.length === 0) throw new CommandError(`unable to find container named "${name}"`)
          for (const container of meant) container.image = image
        }
        return draft
      },
    })
  },
})

function readImage(pair: string): readonly [name: string, image: string] {
  const equals = pair.indexOf('=')
  if (equals < 0) throw new CommandError(`image update must be of the form container=image: ${pair}`)
  return [pair.slice(0, equals), pair.slice(equals + 1)]
}
