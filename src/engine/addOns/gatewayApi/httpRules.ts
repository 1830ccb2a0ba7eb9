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
  sectionName,
  text,
  withDefault,
  withRules,
} from './fields.ts'
import { filters, methods, portForService } from './httpFilters.ts'

const anyPath = { type: 'PathPrefix', value: '/' }

/** What a rule without matches matches. */
export const everyPath: readonly object[] = [{ path: anyPath }]

const plain = "self.type in ['Exact','PathPrefix']"
const when = "when type one of ['Exact', 'PathPrefix']"
const never = (call: string, verb: string, part: string): readonly [string, string] => [
  `must not ${verb} '${part}' ${when}`,
  `!(${plain}) || !self.value.${call}('${part}')`,
]
const pathPattern = "^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$"

const path = withDefault(
  anyPath,
  withRules(
    object({
      type: withDefault('PathPrefix', oneOf('Exact', 'PathPrefix', 'RegularExpression')),
      value: withDefault('/', text(0, 1024)),
    }),
    [`value must be an absolute path and start with '/' ${when}`, `!(${plain}) || self.value.startsWith('/')`],
    ...['//', '/./', '/../', '%2f', '%2F', '#'].map((part) => never('contains', 'contain', part)),
    ...['/..', '/.'].map((part) => never('endsWith', 'end with', part)),
    [
      "type must be one of ['Exact', 'PathPrefix', 'RegularExpression']",
      `${plain} || self.type == 'RegularExpression'`,
    ],
    [
      `must only contain valid characters (matching ${pathPattern}) for types ['Exact', 'PathPrefix']`,
      `!(${plain}) || self.value.matches(r"""${pathPattern}""")`,
    ],
  ),
)

/** A header or a parameter of the query that a request must have. */
const pair = (valueMax: number): Schema =>
  object(
    { name: headerName, type: withDefault('Exact', oneOf('Exact', 'RegularExpression')), value: text(1, valueMax) },
    'name',
    'value',
  )

const match = object({
  headers: listBy('name', pair(4096), 16),
  method: oneOf(...methods),
  path,
  queryParams: listBy('name', pair(1024), 16),
})

const backend = withRules(
  object(
    {
      filters,
      group: withDefault('', group),
      kind: withDefault('Service', kind),
      name,
      namespace,
      port,
      weight: withDefault(1, integer(0, 1_000_000)),
    },
    'name',
  ),
  portForService,
)

const duration: Schema = { pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$', type: 'string' }

const timeouts = withRules(object({ backendRequest: duration, request: duration }), [
  'backendRequest timeout cannot be longer than request timeout',
  "!has(self.request) || !has(self.backendRequest) || duration(self.request) == duration('0s') || " +
    'duration(self.backendRequest) <= duration(self.request)',
])

const replacesPrefix = (filter: string): string =>
  `has(f.${filter}) && has(f.${filter}.path) && f.${filter}.path.type == 'ReplacePrefixMatch' && has(f.${filter}.path.replacePrefixMatch)`
const hasOne = (filter: string, of = 'self'): string =>
  `has(${of}.filters) && ${of}.filters.exists_one(f, ${replacesPrefix(filter)})`
const hasOnePrefix = "size(self.matches) == 1 && has(self.matches[0].path) && self.matches[0].path.type == 'PathPrefix'"
const onePrefix = (filter: string): string =>
  `using ${filter} filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified`
const inBackend = (filter: string): string =>
  `!(has(self.backendRefs) && self.backendRefs.exists_one(b, ${hasOne(filter, 'b')})) || (${hasOnePrefix})`

/** One rule: what it matches, what it does to requests, and who answers them. */
export const rule: Schema = withRules(
  object({
    backendRefs: { description: 'Who answers, by weight.', ...list(backend, 16) },
    filters: { description: 'What is done to requests and answers.', ...filters },
    matches: { description: 'Which requests this rule is for.', ...withDefault(everyPath, list(match, 64)) },
    name: sectionName,
    timeouts,
  }),
  [
    'RequestRedirect filter must not be used together with backendRefs',
    '!has(self.backendRefs) || size(self.backendRefs) == 0 || !has(self.filters) || self.filters.all(f, !has(f.requestRedirect))',
  ],
  [`When ${onePrefix('RequestRedirect')}`, `!(${hasOne('requestRedirect')}) || (${hasOnePrefix})`],
  [`When ${onePrefix('URLRewrite')}`, `!(${hasOne('urlRewrite')}) || (${hasOnePrefix})`],
  [`Within backendRefs, when ${onePrefix('RequestRedirect')}`, inBackend('requestRedirect')],
  [`Within backendRefs, When ${onePrefix('URLRewrite')}`, inBackend('urlRewrite')],
)
