import { expect, test } from 'vitest'
import {
  detailsText,
  reasonsText,
  violationsOf,
} from '../../../../../src/engine/apiserver/admission/podSecurity/evaluate.ts'
import type { PodSpec } from '../../../../../src/engine/apiserver/admission/podSecurity/violation.ts'

const restricted = { level: 'restricted', version: 'latest' } as const
const hardened = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
}

test('what the baseline asks is told before what goes beyond it', () => {
  const spec = {
    hostNetwork: true,
    containers: [{ name: 'web', image: 'nginx', securityContext: { ...hardened, allowPrivilegeEscalation: true } }],
  } as unknown as PodSpec
  expect(reasonsText(violationsOf(restricted, spec, {}))).toBe('host namespaces, allowPrivilegeEscalation != false')
})

test('quotes inside a value are shown as they are', () => {
  const spec = { containers: [{ name: 'web', image: 'nginx', securityContext: hardened }] } as unknown as PodSpec
  const annotations = { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' }
  expect(detailsText(violationsOf(restricted, spec, { annotations }))).toBe(
    'forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/web="unconfined"")',
  )
})
