import type { Schema } from '../../kinds/apiextensions/schema.ts'
import {
  group,
  kind,
  list,
  listBy,
  name,
  namespace,
  object,
  oneOf,
  port,
  secretReference,
  withDefault,
  withRules,
} from './fields.ts'

const validation = object({
  validation: object(
    {
      caCertificateRefs: list(object({ group, kind, name, namespace }, 'group', 'kind', 'name'), 16, 1),
      mode: withDefault('AllowValidOnly', oneOf('AllowValidOnly', 'AllowInsecureFallback')),
    },
    'caCertificateRefs',
  ),
})

/** How a Gateway shows who it is to backends, and whom it believes among clients. */
export const gatewayTls: Schema = object({
  backend: object({ clientCertificateRef: secretReference }),
  frontend: object(
    {
      default: validation,
      perPort: withRules(listBy('port', object({ port, tls: validation }, 'port', 'tls'), 64), [
        'Port for TLS configuration must be unique within the Gateway',
        'self.all(a, self.exists_one(b, a.port == b.port))',
      ]),
    },
    'default',
  ),
})
