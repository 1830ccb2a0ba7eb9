import { age, definitionOf } from './definition.ts'
import {
  controllerName,
  group,
  kind,
  listBy,
  name,
  namespace,
  object,
  text,
  waitingStatus,
  withRules,
} from './fields.ts'

/** A sort of Gateway, and the controller that builds those of its sort. */
export const gatewayClass = definitionOf({
  kind: 'GatewayClass',
  plural: 'gatewayclasses',
  shortNames: ['gc'],
  scope: 'Cluster',
  stored: 'v1',
  description: 'A sort of Gateway, and the controller that builds those of its sort.',
  spec: object(
    {
      controllerName: withRules(
        { description: 'The controller, as domain/path. It never changes.', ...controllerName },
        ['Value is immutable', 'self == oldSelf'],
      ),
      description: text(0, 64),
      parametersRef: {
        description: 'An object with settings for the controller.',
        ...object({ group, kind, name, namespace }, 'group', 'kind', 'name'),
      },
    },
    'controllerName',
  ),
  status: waitingStatus(['Accepted'], {
    supportedFeatures: listBy('name', object({ name: { type: 'string' } }, 'name'), 64),
  }),
  columns: [
    { jsonPath: '.spec.controllerName', name: 'Controller', type: 'string' },
    { jsonPath: '.status.conditions[?(@.type=="Accepted")].status', name: 'Accepted', type: 'string' },
    age,
    { jsonPath: '.spec.description', name: 'Description', priority: 1, type: 'string' },
  ],
})
