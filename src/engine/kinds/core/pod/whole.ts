import { notAllowed, type FieldError, type Pod } from '../../../api/index.ts'
import { podAnnotationErrors } from './annotations.ts'
import { paddedImage } from './containers.ts'
import { podSpecErrors } from './spec.ts'
import type { Volume } from './types.ts'

/** What is wrong with a pod at any time, metadata aside. */
// upstream: pkg/apis/core/validation/validation.go validatePodMetadataAndSpec
export function wholeErrors({ metadata, spec }: Pod): readonly FieldError[] {
  const { volumes, containers, initContainers } = spec
  const errors: FieldError[] = []
  if (metadata.annotations !== undefined)
    errors.push(...podAnnotationErrors('metadata.annotations', metadata.annotations, spec))
  errors.push(...podSpecErrors('spec', spec, metadata.name))
  if (volumes !== undefined && !spec.serviceAccountName)
    for (let index = 0; index < volumes.length; index++)
      namelessTokenErrors(errors, `spec.volumes[${index}]`, volumes[index]!)
  for (let index = 0; index < containers.length; index++)
    paddedImage(errors, `spec.containers[${index}]`, containers[index]!)
  if (initContainers !== undefined)
    for (let index = 0; index < initContainers.length; index++)
      paddedImage(errors, `spec.initContainers[${index}]`, initContainers[index]!)
  return errors
}

/** There is no token without the name of the account that it is for. */
function namelessTokenErrors(errors: FieldError[], path: string, { projected }: Volume): void {
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
