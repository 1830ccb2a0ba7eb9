import { inRange, invalidValue, required, type FieldError } from '../../../api/index.ts'
import type { Volume } from './types.ts'

const patterns: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.[a-zA-Z0-9.-]+:[^,;*&$|\s]+$/,
  eui: /^eui.[a-zA-Z0-9]{16}$/,
  naa: /^naa.[a-zA-Z0-9]{32}$/,
}

/** What is wrong with a disk reached over iSCSI. */
// upstream: pkg/apis/core/validation/validation.go validateISCSIVolumeSource
export function iscsiErrors(
  errors: FieldError[],
  path: string,
  iscsi: NonNullable<Volume['iscsi']>,
  volumeName: string,
): void {
  const { targetPortal = '', iqn = '', lun = 0, initiatorName, secretRef } = iscsi
  const at = `${path}.iscsi`
  if (targetPortal === '') errors.push(required(`${at}.targetPortal`))
  if (iqn === '') errors.push(required(`${at}.iqn`))
  else nameErrors(errors, `${at}.iqn`, iqn)
  if (lun < 0 || lun > 255) errors.push(invalidValue(`${at}.lun`, lun, inRange(0, 255)))
  if ((iscsi.chapAuthDiscovery === true || iscsi.chapAuthSession === true) && secretRef === undefined)
    errors.push(required(`${at}.secretRef`))
  if (initiatorName === undefined) return
  nameErrors(errors, `${at}.initiatorname`, initiatorName)
  if (`${volumeName}:${targetPortal}`.length > 64)
    errors.push(
      invalidValue(
        `${path}.name`,
        volumeName,
        'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
      ),
    )
}

function nameErrors(errors: FieldError[], path: string, name: string): void {
  const pattern = patterns[name.slice(0, 3)]
  if (pattern === undefined)
    errors.push(invalidValue(path, name, 'must be valid format starting with iqn, eui, or naa'))
  else if (!pattern.test(name)) errors.push(invalidValue(path, name, 'must be valid format'))
}
