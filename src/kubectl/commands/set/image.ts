import { splitPairs } from '../../args/pairs.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import { containersOf, draftOf } from '../podTemplate.ts'
import { changeAll, recordedSetFlags } from './change.ts'

/** Update the image of a pod template. */
export const setImage = defineCommand({
  name: 'image',
  usage:
    'set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  summary: 'Update the image of a pod template',
  examples: ['kubectl set image deployment/web nginx=nginx:1.28'],
  completes: 'resources',
  flags: recordedSetFlags,
  run(call) {
    const { resources, pairs } = splitPairs(call.args, 'image')
    const images = pairs.map((pair) => readImage(pair))
    return changeAll(call, {
      resources,
      lack: lackOf(images),
      done: 'image updated',
      failure: 'failed to patch image update to pod template:',
      change({ object }, complain) {
        const { draft, template } = draftOf(object)
        const containers = containersOf(template)
        for (const [name, image] of images) {
          const meant = containers.filter((container) => name === '*' || container.name === name)
          if (meant.length === 0) complain(`unable to find container named "${name}"`)
          for (const container of meant) container.image = image
        }
        return draft
      },
    })
  },
})

type Image = readonly [name: string, image: string]

function lackOf(images: readonly Image[]): string | undefined {
  if (images.length === 0) return 'at least one image update is required'
  if (images.length > 1 && images.some(([name]) => name === '*'))
    return 'all containers are already specified by *, but saw more than one container_name=container_image pairs'
  return undefined
}

function readImage(pair: string): Image {
  const equals = pair.indexOf('=')
  if (equals < 0) throw new CommandError(`image update must be of the form container=image: ${pair}`)
  return [pair.slice(0, equals), pair.slice(equals + 1)]
}
