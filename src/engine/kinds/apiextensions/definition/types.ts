import type { CustomResourceDefinition } from '../../../api/index.ts'
import { isEqual } from '../../../api/index.ts'
import type { Schema } from '../schema.ts'

/** One version of a definition. */
export interface Version {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly deprecated?: boolean
  readonly deprecationWarning?: string
  readonly schema?: { readonly openAPIV3Schema?: Schema }
  readonly subresources?: Subresources
  readonly additionalPrinterColumns?: readonly PrinterColumn[]
  readonly selectableFields?: readonly { readonly jsonPath: string }[]
}

/** Which doors the objects of a version have besides their own. */
export interface Subresources {
  readonly status?: object
  readonly scale?: Scale
}

/** Where the numbers of copies stand in an object. */
export interface Scale {
  readonly specReplicasPath: string
  readonly statusReplicasPath: string
  readonly labelSelectorPath?: string
}

/** A column of `kubectl get`, by a path into the object. */
export interface PrinterColumn {
  readonly name: string
  readonly type: string
  readonly jsonPath: string
  readonly format?: string
  readonly description?: string
  readonly priority?: number
}

/** The versions of a definition; a list that was not given is empty. */
export function versionsOf({ spec }: CustomResourceDefinition): readonly Version[] {
  return (spec.versions ?? []) as unknown as readonly Version[]
}

/** The parts of a version that stand above all versions inside the server if every version has the same. */
export type SharedPart = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields'

/** Whether all versions have the same of a part: complaints then name the place above them. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/conversion.go
export function isShared(versions: readonly Version[], part: SharedPart): boolean {
  return versions.every((version) => isEqual(version[part], versions[0]![part]))
}

/** Whether a condition of a definition is true. */
export function isTrue({ status }: CustomResourceDefinition, type: string): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True')
}
