import type { Draft, Ingress, IngressClass } from '../../api/index.ts'
import { defineAdmission } from './admission.ts'
import { defaultAmong } from './defaultStorageClass.ts'

const marks = ['ingressclass.kubernetes.io/is-default-class']

/** Gives an Ingress that names no class the default one. */
// upstream: plugin/pkg/admission/network/defaultingressclass/admission.go
export const defaultIngressClass = defineAdmission({
  name: 'DefaultIngressClass',
  kinds: ['Ingress'],
  verbs: ['create'],
  subresources: [''],
  mutate({ draft, context }) {
    const { metadata, spec } = draft as Draft<Ingress>
    if (spec?.ingressClassName !== undefined || metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined)
      return
    const found = defaultAmong(context.list<IngressClass>('IngressClass'), marks)
    if (found !== undefined) spec.ingressClassName = found.metadata.name
  },
})
