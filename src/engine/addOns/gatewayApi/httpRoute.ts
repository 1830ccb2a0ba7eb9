import { age, definitionOf } from './definition.ts'
import {
  conditions,
  controllerName,
  hostname,
  list,
  object,
  parentReference,
  withDefault,
  withRules,
} from './fields.ts'
import { everyPath, rule } from './httpRules.ts'

const none = (field: string): string => `(!has(${field}) || ${field} == '')`
const same = (field: string): string =>
  `(${none(`a.${field}`)} && ${none(`b.${field}`)} || has(a.${field}) && has(b.${field}) && a.${field} == b.${field})`
const sameParent = `a.group == b.group && a.kind == b.kind && a.name == b.name && ${same('__namespace__')}`

/** How many matches all rules have together: rules have a bound, so each is counted by itself. */
const matches = Array.from({ length: 16 }, (_, rank) => `(self.size() > ${rank} ? self[${rank}].matches.size() : 0)`)

/** Sends requests by host, path, headers and method to backends. */
export const httpRoute = definitionOf({
  kind: 'HTTPRoute',
  plural: 'httproutes',
  scope: 'Namespaced',
  stored: 'v1',
  description: 'Sends HTTP requests to backends, by host, path, headers, query and method.',
  spec: object({
    hostnames: { description: 'Hosts this route is for; without any, all of its listeners.', ...list(hostname, 16) },
    parentRefs: withRules(
      { description: 'The Gateways, or Services, that it attaches itself to.', ...list(parentReference, 32) },
      [
        'sectionName must be specified when parentRefs includes 2 or more references to the same parent',
        `self.all(a, self.all(b, !(${sameParent}) || ${none('a.sectionName')} == ${none('b.sectionName')}))`,
      ],
      [
        'sectionName must be unique when parentRefs includes 2 or more references to the same parent',
        `self.all(a, self.exists_one(b, ${sameParent} && ${same('sectionName')}))`,
      ],
    ),
    rules: withDefault(
      [{ matches: everyPath }],
      withRules(list(rule, 16, 1), [
        'While 16 rules and 64 matches per rule are allowed, the total number of matches across all rules in a route must be less than 128',
        `${matches.join(' + ')} <= 128`,
      ]),
    ),
  }),
  status: object(
    {
      parents: list(
        object(
          { conditions: conditions(1), controllerName, parentRef: parentReference },
          'conditions',
          'controllerName',
          'parentRef',
        ),
        32,
      ),
    },
    'parents',
  ),
  columns: [{ jsonPath: '.spec.hostnames', name: 'Hostnames', type: 'string' }, age],
})
