import { mutatingAdmissionPolicy } from './mutatingAdmissionPolicy.ts'
import { mutatingAdmissionPolicyBinding } from './mutatingAdmissionPolicyBinding.ts'
import { mutatingWebhookConfiguration } from './mutatingWebhookConfiguration.ts'
import { validatingAdmissionPolicy } from './validatingAdmissionPolicy.ts'
import { validatingAdmissionPolicyBinding } from './validatingAdmissionPolicyBinding.ts'
import { validatingWebhookConfiguration } from './validatingWebhookConfiguration.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const admissionregistrationKinds = [
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  mutatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  validatingWebhookConfiguration,
] as const
