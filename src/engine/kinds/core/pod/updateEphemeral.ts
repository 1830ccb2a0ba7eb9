import { isEqual, notAllowed, type FieldError, type Pod } from '../../../api/index.ts'
import { goStruct } from '../../rules/goStruct.ts'
import { jsonDiff } from '../../rules/unifiedDiff.ts'
import { podAnnotationUpdateErrors } from './annotations.ts'
import { wholeErrors } from './whole.ts'

/** What an update of a pod's ephemeral containers may not do: they are added, and stay as they are. */
// upstream: pkg/apis/core/validation/validation.go ValidatePodEphemeralContainersUpdate
export function validateEphemeralContainersUpdate(next: Pod, old: Pod): readonly FieldError[] {
  if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined)
    return [notAllowed('', 'static pods do not support ephemeral containers')]
  const errors: FieldError[] = [
    ...wholeErrors(next),
    ...podAnnotationUpdateErrors(
      'metadata.annotations',
      next.metadata.annotations,
      old.metadata.annotations,
      next.spec,
    ),
  ]
  const path = 'spec.ephemeralContainers'
  for (const before of old.spec.ephemeralContainers ?? []) {
    const quoted = JSON.stringify(before.name)
    const after = next.spec.ephemeralContainers?.find(({ name }) => name === before.name)
    if (after === undefined)
      errors.push(notAllowed(path, `existing ephemeral containers ${quoted} may not be removed\n`))
    else if (!isEqual(after, before)) {
      const diff = jsonDiff(goStruct('EphemeralContainer', before), goStruct('EphemeralContainer', after))
      errors.push(notAllowed(path, `existing ephemeral containers ${quoted} may not be changed\n${diff}`))
    }
  }
  return errors
}
