import { expect, test } from 'vitest'
import { kinds } from '../../../src/engine/kinds/index.ts'

const byPlural = new Map(kinds.map((kind) => [`${kind.plural}.${kind.group}`, kind]))

/** `!` marks what only `-o wide` shows, a word after a colon a type other than text. */
const shown = (plural: string): string =>
  byPlural
    .get(plural)!
    .columns.map(({ name, type = 'string', priority = 0 }) => {
      return `${name}${type === 'string' ? '' : `:${type}`}${priority > 0 ? '!' : ''}`
    })
    .join(' | ')

test.each([
  ['pods.', 'Name | Ready | Status | Restarts | Age | IP! | Node! | Nominated Node! | Readiness Gates!'],
  ['namespaces.', 'Name | Status | Age'],
  ['secrets.', 'Name | Type | Data | Age'],
  ['statefulsets.apps', 'Name | Ready | Age | Containers! | Images!'],
  [
    'cronjobs.batch',
    'Name | Schedule | Timezone | Suspend:boolean | Active:integer | Last Schedule | Age | Containers! | Images! | Selector!',
  ],
  [
    'replicationcontrollers.',
    'Name | Desired:integer | Current:integer | Ready:integer | Age | Containers! | Images! | Selector!',
  ],
  ['poddisruptionbudgets.policy', 'Name | Min Available | Max Unavailable | Allowed Disruptions:integer | Age'],
  ['componentstatuses.', 'Name | Status | Message | Error'],
])('the columns of %s', (plural, expected) => {
  expect(shown(plural)).toBe(expected)
})
