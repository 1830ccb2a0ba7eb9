import type { Draft, Pod } from '../../api/index.ts'
import { defineAdmission } from './admission.ts'

const troubles = Object.freeze(
  ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) =>
    Object.freeze({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }),
  ),
)

type Toleration = NonNullable<Pod['spec']['tolerations']>[number]

/** Lets every pod stay five minutes on a node that fell silent, unless it says otherwise. */
// upstream: plugin/pkg/admission/defaulttolerationseconds/admission.go
export const defaultTolerationSeconds = defineAdmission({
  name: 'DefaultTolerationSeconds',
  kinds: ['Pod'],
  verbs: ['create', 'update'],
  subresources: [''],
  mutate({ draft }) {
    const { spec } = draft as Draft<Pod>
    const told = spec.tolerations
    // most say nothing, and share one list
    if (told === undefined) spec.tolerations = troubles as never
    else
      for (const trouble of troubles)
        if (!told.some(isFor(trouble.key))) spec.tolerations = [...spec.tolerations!, trouble]
  },
})

const isFor =
  (trouble: string) =>
  ({ key, effect }: Toleration): boolean =>
    (key === trouble || !key) && (effect === 'NoExecute' || !effect)
