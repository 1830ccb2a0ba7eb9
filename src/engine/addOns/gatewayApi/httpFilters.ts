import type { Schema } from '../../kinds/apiextensions/schema.ts'
import {
  group,
  headerName,
  integer,
  kind,
  list,
  listBy,
  name,
  namespace,
  object,
  oneOf,
  port,
  preciseHostname,
  setOf,
  text,
  withDefault,
  withRules,
} from './fields.ts'

/** The methods of HTTP that a route may name. */
export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'] as const

/** A Service is nothing without a port. */
export const portForService: readonly [string, string] = [
  'Must have port for Service reference',
  "size(self.group) > 0 || self.kind != 'Service' || has(self.port)",
]

const header = object({ name: headerName, value: text(1, 4096) }, 'name', 'value')
const headers = object({
  add: listBy('name', header, 16),
  remove: setOf({ type: 'string' }, 16),
  set: listBy('name', header, 16),
})

const starAlone = (field: string, what: string): readonly [string, string] => [
  `${field} cannot contain '*' alongside other ${what}`,
  "!('*' in self) || self.size() <= 1",
]
const originPattern = '(^\\*$)|(^(http(s)?):\\/\\/(((\\*\\.)?([a-zA-Z0-9\\-]+\\.)*[a-zA-Z0-9-]+|\\*)(:([0-9]{1,5}))?)$)'

const cors = object({
  allowCredentials: { type: 'boolean' },
  allowHeaders: withRules(setOf(headerName, 64), starAlone('AllowHeaders', 'methods')),
  allowMethods: withRules(setOf(oneOf(...methods, '*'), 9), starAlone('AllowMethods', 'methods')),
  allowOrigins: withRules(setOf(text(1, 253, originPattern), 64), starAlone('AllowOrigins', 'origins')),
  exposeHeaders: setOf(headerName, 64),
  maxAge: withDefault(5, integer(1)),
})

const mirror = withRules(
  object(
    {
      backendRef: withRules(
        object({ group: withDefault('', group), kind: withDefault('Service', kind), name, namespace, port }, 'name'),
        portForService,
      ),
      fraction: withRules(object({ denominator: withDefault(100, integer(1)), numerator: integer(0) }, 'numerator'), [
        'numerator must be less than or equal to denominator',
        'self.numerator <= self.denominator',
      ]),
      percent: integer(0, 100),
    },
    'backendRef',
  ),
  [
    'Only one of percent or fraction may be specified in HTTPRequestMirrorFilter',
    '!has(self.percent) || !has(self.fraction)',
  ],
)

const goesWith = (type: string, field: string): readonly (readonly [string, string])[] => [
  [`${field} must be specified when type is set to '${type}'`, `self.type != '${type}' || has(self.${field})`],
  [`type must be '${type}' when ${field} is set`, `!has(self.${field}) || self.type == '${type}'`],
]

const newPath = withRules(
  object(
    {
      replaceFullPath: text(0, 1024),
      replacePrefixMatch: text(0, 1024),
      type: oneOf('ReplaceFullPath', 'ReplacePrefixMatch'),
    },
    'type',
  ),
  ...goesWith('ReplaceFullPath', 'replaceFullPath'),
  ...goesWith('ReplacePrefixMatch', 'replacePrefixMatch'),
)

const redirect = object({
  hostname: preciseHostname,
  path: newPath,
  port,
  scheme: oneOf('http', 'https'),
  statusCode: { default: 302, enum: [301, 302, 303, 307, 308], type: 'integer' },
})

/** A filter's type, and the one field that goes with it, in the order in which their rules are kept. */
const sorts: readonly (readonly [type: string, field: string])[] = [
  ['CORS', 'cors'],
  ['RequestHeaderModifier', 'requestHeaderModifier'],
  ['ResponseHeaderModifier', 'responseHeaderModifier'],
  ['RequestMirror', 'requestMirror'],
  ['RequestRedirect', 'requestRedirect'],
  ['URLRewrite', 'urlRewrite'],
  ['ExtensionRef', 'extensionRef'],
]

const fieldByType = ([type, field]: readonly [string, string]): readonly (readonly [string, string])[] => [
  [`filter.${field} must be nil if the filter.type is not ${type}`, `!has(self.${field}) || self.type == '${type}'`],
  [`filter.${field} must be specified for ${type} filter.type`, `has(self.${field}) || self.type != '${type}'`],
]

const filter = withRules(
  object(
    {
      cors,
      extensionRef: object({ group, kind, name }, 'group', 'kind', 'name'),
      requestHeaderModifier: headers,
      requestMirror: mirror,
      requestRedirect: redirect,
      responseHeaderModifier: headers,
      type: oneOf(
        'RequestHeaderModifier',
        'ResponseHeaderModifier',
        'RequestMirror',
        'RequestRedirect',
        'URLRewrite',
        'ExtensionRef',
        'CORS',
      ),
      urlRewrite: object({ hostname: preciseHostname, path: newPath }),
    },
    'type',
  ),
  ...sorts.flatMap(fieldByType),
)

const single = ['CORS', 'RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite']

/** What may be done to a request or its answer on the way. */
export const filters: Schema = withRules(
  list(filter, 16),
  [
    'May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both',
    "!self.exists(f, f.type == 'RequestRedirect') || !self.exists(f, f.type == 'URLRewrite')",
  ],
  ...single.map((type): readonly [string, string] => [
    `${type} filter cannot be repeated`,
    `self.filter(f, f.type == '${type}').size() <= 1`,
  ]),
)
