import type { Schema } from '../../kinds/apiextensions/schema.ts'
import {
  annotationValue,
  groupName,
  group,
  hostname,
  kind,
  labelSelector,
  list,
  listBy,
  object,
  oneOf,
  port,
  protocol,
  secretReference,
  sectionName,
  withDefault,
  withRules,
} from './fields.ts'

/** Namespaces whose objects may attach themselves. */
function namespaces(otherwise: string, ...words: readonly string[]): Schema {
  return withDefault(
    { from: otherwise },
    object({ from: withDefault(otherwise, oneOf(...words)), selector: labelSelector }),
  )
}

/** Which namespaces may add listeners of their own. */
export const allowedListeners = object({ namespaces: namespaces('None', 'All', 'Selector', 'Same', 'None') })

const allowedRoutes = withDefault(
  { namespaces: { from: 'Same' } },
  object({
    kinds: list(object({ group: withDefault(groupName, group), kind }, 'kind'), 8),
    namespaces: namespaces('Same', 'All', 'Selector', 'Same'),
  }),
)

const tls = withRules(
  object({
    certificateRefs: list(secretReference, 64),
    mode: withDefault('Terminate', oneOf('Terminate', 'Passthrough')),
    options: { additionalProperties: annotationValue, maxProperties: 16, type: 'object' },
  }),
  [
    'certificateRefs or options must be specified when mode is Terminate',
    "self.mode != 'Terminate' || size(self.certificateRefs) > 0 || size(self.options) > 0",
  ],
)

const listener = object(
  {
    allowedRoutes: { description: 'Which routes may attach themselves.', ...allowedRoutes },
    hostname: { description: 'The host this listener is for; without it, any.', ...hostname },
    name: sectionName,
    port,
    protocol: { description: 'HTTP, HTTPS, TLS, TCP, UDP, or one of the controller.', ...protocol },
    tls,
  },
  'name',
  'port',
  'protocol',
)

/** The places at which a Gateway takes traffic. */
export const listeners: Schema = withRules(
  { description: 'The places at which traffic is taken.', ...listBy('name', listener, 64, 1) },
  [
    "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
    "self.all(l, !(l.protocol in ['HTTP', 'TCP', 'UDP']) || !has(l.tls))",
  ],
  [
    'tls mode must be Terminate for protocol HTTPS',
    "self.all(l, l.protocol != 'HTTPS' || !has(l.tls) || l.tls.mode in ['', 'Terminate'])",
  ],
  [
    'tls mode must be set for protocol TLS',
    "self.all(l, l.protocol != 'TLS' || (has(l.tls) && has(l.tls.mode) && l.tls.mode != ''))",
  ],
  [
    "hostname must not be specified for protocols ['TCP', 'UDP']",
    "self.all(l, !(l.protocol in ['TCP', 'UDP']) || !has(l.hostname) || l.hostname == '')",
  ],
  ['Listener name must be unique within the Gateway', 'self.all(a, self.exists_one(b, a.name == b.name))'],
  [
    'Combination of port, protocol and hostname must be unique for each listener',
    'self.all(a, self.exists_one(b, a.port == b.port && a.protocol == b.protocol && ' +
      '(has(a.hostname) && has(b.hostname) ? a.hostname == b.hostname : !has(a.hostname) && !has(b.hostname))))',
  ],
)
