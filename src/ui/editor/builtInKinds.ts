import { describedBy, jsonSchemaOf } from '#engine'
import { descriptions } from '#descriptions'
import type { DocumentKind } from './kinds.ts'

const describe = describedBy(descriptions)

/** The schema of a built-in kind, with its texts. Large: load it lazily. */
export function builtInSchema({ apiVersion, kind }: DocumentKind): Readonly<Record<string, unknown>> | undefined {
  const [first = '', second] = apiVersion.split('/')
  return second === undefined ? jsonSchemaOf('', first, kind, describe) : jsonSchemaOf(first, second, kind, describe)
}
