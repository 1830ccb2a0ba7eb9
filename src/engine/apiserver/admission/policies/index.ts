import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '../../../api/index.ts'
import type { Etcd } from '../../../etcd/store.ts'
import type { Kind } from '../../../kinds/defineKind.ts'
import type { Sim } from '../../../sim/index.ts'
import type { Hearer } from '../../hearers.ts'
import { defineAdmission, type AdmissionPlugin, type AdmissionRequest } from '../admission.ts'
import { mutatePolicies, type BoundMutation } from './mutatingAdmissionPolicy.ts'
import { validatePolicies, type BoundPolicy } from './validatingAdmissionPolicy.ts'
import { callWebhooks } from './webhooks.ts'

/** The policies and webhooks in the store as they are enforced. */
export interface Policies extends Hearer {
  /** in upstream's order */
  readonly plugins: readonly AdmissionPlugin[]
  /** Whether there is nothing that could have a say. */
  readonly isIdle: () => boolean
}

interface PoliciesState {
  /** a refresh is on the clock */
  isStale: boolean
  /** what is enforced: objects of the store */
  active: readonly BoundPolicy[]
  mutating: readonly BoundMutation[]
  validatingWebhooks: readonly ValidatingWebhookConfiguration[]
  mutatingWebhooks: readonly MutatingWebhookConfiguration[]
}

const component = 'admission-policies'
const refreshMs = 1000 // upstream: policy/generic/policy_source.go refreshes what has changed once a second
const watchMs = 5
const group = 'admissionregistration.k8s.io'

/** Keeps what is enforced: a new policy comes into force up to a second after it was written, as upstream. */
export function createPolicies(sim: Sim, etcd: Etcd, kinds: readonly Kind[]): Policies {
  const state = sim.slice<PoliciesState>('admission/policies', () => ({
    isStale: false,
    active: [],
    mutating: [],
    validatingWebhooks: [],
    mutatingWebhooks: [],
  }))
  const prefixes = new Map(kinds.filter((kind) => kind.group === group).map((kind) => [kind.kind, kind.storagePrefix]))
  const stored = <T>(kind: string): readonly T[] => {
    const prefix = prefixes.get(kind)
    return prefix === undefined ? [] : etcd.range(prefix, '').map(({ value }) => value as T)
  }

  sim.handle(component, (_, { type }) => (type === 'webhooks' ? readWebhooks() : readPolicies()))

  function readPolicies(): void {
    state.isStale = false
    state.active = bound(
      stored<ValidatingAdmissionPolicy>('ValidatingAdmissionPolicy'),
      stored<ValidatingAdmissionPolicyBinding>('ValidatingAdmissionPolicyBinding'),
    )
    state.mutating = bound(
      stored<MutatingAdmissionPolicy>('MutatingAdmissionPolicy'),
      stored<MutatingAdmissionPolicyBinding>('MutatingAdmissionPolicyBinding'),
    )
  }

  function readWebhooks(): void {
    state.validatingWebhooks = stored('ValidatingWebhookConfiguration')
    state.mutatingWebhooks = stored('MutatingWebhookConfiguration')
  }

  return {
    plugins: [
      defineAdmission({
        name: 'MutatingAdmissionPolicy',
        mutate(request) {
          if (state.mutating.length > 0 && !isExempt(request.kind)) mutatePolicies(state.mutating, request)
        },
      }),
      defineAdmission({
        name: 'MutatingAdmissionWebhook',
        mutate(request) {
          if (state.mutatingWebhooks.length > 0 && request.kind.group !== group)
            callWebhooks(state.mutatingWebhooks, request)
        },
      }),
      defineAdmission({
        name: 'ValidatingAdmissionPolicy',
        validate(request) {
          if (state.active.length > 0 && !isExempt(request.kind)) validatePolicies(state.active, withOld(request))
        },
      }),
      defineAdmission({
        name: 'ValidatingAdmissionWebhook',
        validate(request) {
          if (state.validatingWebhooks.length > 0 && request.kind.group !== group)
            callWebhooks(state.validatingWebhooks, withOld(request))
        },
      }),
    ],
    isIdle: () =>
      state.mutating.length + state.active.length + state.mutatingWebhooks.length + state.validatingWebhooks.length ===
      0,
    hears: (kind) => kind.group === group,
    onWrite({ kind }) {
      if (kind.endsWith('WebhookConfiguration')) sim.schedule(watchMs, component, { type: 'webhooks' })
      else if (!state.isStale) {
        state.isStale = true
        sim.schedule(refreshMs, component, { type: 'policies' })
      }
    },
  }
}

function bound<
  Policy extends { readonly metadata: { readonly name: string } },
  Binding extends { readonly spec: { readonly policyName?: string } },
>(
  policies: readonly Policy[],
  bindings: readonly Binding[],
): readonly { readonly policy: Policy; readonly binding: Binding }[] {
  return Object.freeze(
    policies.flatMap((policy) =>
      bindings
        .filter(({ spec }) => spec.policyName === policy.metadata.name)
        .map((binding) => Object.freeze({ policy, binding })),
    ),
  )
}

/** Policies cannot lock themselves in. */
const isExempt = (kind: Kind): boolean => kind.group === group && kind.plural.includes('admissionpolic')

/** A delete is about the object that is there. */
function withOld(request: AdmissionRequest): AdmissionRequest {
  const { verb, old, kind, name, namespace, context } = request
  if (verb !== 'delete' || old !== undefined) return request
  return {
    ...request,
    old: context.find(kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`, name, namespace),
  }
}
