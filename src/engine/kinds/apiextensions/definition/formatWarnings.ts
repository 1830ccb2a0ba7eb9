import type { CustomResourceDefinition } from '../../../api/index.ts'
import { isKnownFormat } from '../values/formats.ts'
import { isShared, versionsOf } from './types.ts'
import { schemasIn } from './walk.ts'

/** What is told of formats that nobody looks at, once they come in. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go
export function formatWarnings(
  next: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): readonly string[] {
  const before = old === undefined ? [] : unknownFormats(old)
  return unknownFormats(next)
    .filter((format) => !before.includes(format))
    .map((format) => `unrecognized format ${JSON.stringify(format)}`)
}

function unknownFormats(definition: CustomResourceDefinition): readonly string[] {
  const versions = versionsOf(definition)
  const all = versions.length > 0 && isShared(versions, 'schema') ? versions.slice(0, 1) : versions
  return all.flatMap(({ schema }) => {
    const root = schema?.openAPIV3Schema
    if (root === undefined) return []
    return [...schemasIn(root)].flatMap(({ format, type = '' }) =>
      format && !isKnownFormat(format, type) ? format : [],
    )
  })
}
