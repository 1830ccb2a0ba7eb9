import { invalidValue, isSubdomain, notAllowed, type FieldError, type Pod } from '../../../api/index.ts'
import { podAnnotationErrors } from './annotations.ts'
import { paddedImage } from './containers.ts'
import { podSpecErrors } from './spec.ts'
import type { PodSpec, Volume } from './types.ts'

/** What is wrong with a pod at any time, metadata aside. */
// upstream: pkg/apis/core/validation/validation.go validatePodMetadataAndSpec
export function wholeErrors({ metadata, spec }: Pod): readonly FieldError[] {
  const { volumes, containers, initContainers } = spec
  const errors = [
    ...podAnnotationErrors('metadata.annotations', metadata.annotations, spec),
    ...podSpecErrors('spec', spec, true),
  ]
  if (volumes !== undefined)
    for (let index = 0; index < volumes.length; index++)
      ownVolumeErrors(errors, `spec.volumes[${index}]`, volumes[index]!, metadata.name, spec)
  for (let index = 0; index < containers.length; index++)
    paddedImage(errors, `spec.containers[${index}]`, containers[index]!)
  if (initContainers !== undefined)
    for (let index = 0; index < initContainers.length; index++)
      paddedImage(errors, `spec.initContainers[${index}]`, initContainers[index]!)
  return errors
}

/** What only the volumes of a pod itself are asked, not those of a template. */
function ownVolumeErrors(
  errors: FieldError[],
  path: string,
  { name, projected, ephemeral }: Volume,
  podName: string,
  { serviceAccountName }: PodSpec,
): void {
  if (ephemeral !== undefined && name && podName) {
    const claim = `${podName}-${name}`
    for (const text of isSubdomain(claim))
      errors.push(invalidValue(`${path}.name`, name, `PVC name ${JSON.stringify(claim)}: ${text}`))
  }
  if (serviceAccountName) return
  projected?.sources?.forEach(({ serviceAccountToken }, place) => {
    if (serviceAccountToken)
      errors.push(
        notAllowed(
          `${path}.projected.sources[${place}].serviceAccountToken`,
          'must not be specified when serviceAccountName is not set',
        ),
      )
  })
}
