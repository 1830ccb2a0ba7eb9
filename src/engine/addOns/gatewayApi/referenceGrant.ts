import { age, definitionOf } from './definition.ts'
import { group, kind, list, name, namespace, object } from './fields.ts'

/** Lets objects of other namespaces refer to some of this one's. */
export const referenceGrant = definitionOf({
  kind: 'ReferenceGrant',
  plural: 'referencegrants',
  shortNames: ['refgrant'],
  scope: 'Namespaced',
  stored: 'v1beta1',
  description: "Lets objects of other namespaces refer to some of this namespace's objects.",
  spec: object(
    {
      from: {
        description: 'Who may refer: kinds of objects, and the namespaces they are in.',
        ...list(object({ group, kind, namespace }, 'group', 'kind', 'namespace'), 16, 1),
      },
      to: {
        description: 'What may be referred to; without a name, all objects of the kind.',
        ...list(object({ group, kind, name }, 'group', 'kind'), 16, 1),
      },
    },
    'from',
    'to',
  ),
  columns: [age],
})
