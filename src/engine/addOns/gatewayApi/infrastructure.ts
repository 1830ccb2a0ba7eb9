import type { Schema } from '../../kinds/apiextensions/schema.ts'
import { annotationValue, group, kind, labelValue, name, object, withRules } from './fields.ts'

const keyPattern =
  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$'

function mapOf(word: string, additionalProperties: Schema, maxProperties: number): Schema {
  const key = `${word[0]!.toUpperCase()}${word.slice(1)}`
  return withRules(
    { additionalProperties, maxProperties, type: 'object' },
    [
      `${key} keys must be in the form of an optional DNS subdomain prefix followed by a required name segment of up to 63 characters.`,
      `self.all(key, key.matches(r"""${keyPattern}"""))`,
    ],
    [
      `If specified, the ${word} key's prefix must be a DNS subdomain not longer than 253 characters in total.`,
      'self.all(key, key.split("/")[0].size() < 253)',
    ],
  )
}

/** What the things that a controller makes for a Gateway are to carry. */
export const infrastructure: Schema = {
  description: 'What the things that are made for this Gateway are to carry.',
  ...object({
    annotations: mapOf('annotation', annotationValue, 16),
    labels: mapOf('label', labelValue, 8),
    parametersRef: object({ group, kind, name }, 'group', 'kind', 'name'),
  }),
}
