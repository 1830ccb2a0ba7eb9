import { age, definitionOf } from './definition.ts'
import {
  conditions,
  groupName,
  group,
  integer,
  kind,
  list,
  listBy,
  name,
  object,
  sectionName,
  waitingStatus,
  withDefault,
} from './fields.ts'
import { address } from './address.ts'
import { infrastructure } from './infrastructure.ts'
import { allowedListeners, listeners } from './listeners.ts'
import { gatewayTls } from './gatewayTls.ts'

const listenerStatus = object(
  {
    attachedRoutes: integer(),
    conditions: conditions(),
    name: sectionName,
    supportedKinds: list(object({ group: withDefault(groupName, group), kind }, 'kind'), 8),
  },
  'attachedRoutes',
  'conditions',
  'name',
)

/** Where traffic enters: addresses and listeners, built by the controller of its class. */
export const gateway = definitionOf({
  kind: 'Gateway',
  plural: 'gateways',
  shortNames: ['gtw'],
  scope: 'Namespaced',
  stored: 'v1',
  description: 'Where traffic enters: addresses and listeners, built by the controller of its class.',
  spec: object(
    {
      addresses: address.wanted,
      allowedListeners,
      gatewayClassName: { description: 'The name of its GatewayClass.', ...name },
      infrastructure,
      listeners,
      tls: gatewayTls,
    },
    'gatewayClassName',
    'listeners',
  ),
  status: waitingStatus(['Accepted', 'Programmed'], {
    addresses: address.given,
    attachedListenerSets: integer(),
    listeners: listBy('name', listenerStatus, 64),
  }),
  columns: [
    { jsonPath: '.spec.gatewayClassName', name: 'Class', type: 'string' },
    { jsonPath: '.status.addresses[*].value', name: 'Address', type: 'string' },
    { jsonPath: '.status.conditions[?(@.type=="Programmed")].status', name: 'Programmed', type: 'string' },
    age,
  ],
})
