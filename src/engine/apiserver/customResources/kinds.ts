import { isEqual, type CustomResourceDefinition, type Draft, type KubeObject } from '../../api/index.ts'
import { isTrue, versionsOf, type Version } from '../../kinds/apiextensions/definition/types.ts'
import type { Schema } from '../../kinds/apiextensions/schema.ts'
import { copyPlain } from '../../kinds/apiextensions/values/copyPlain.ts'
import { dropNulls, fillDefaults } from '../../kinds/apiextensions/values/defaults.ts'
import { prune } from '../../kinds/apiextensions/values/prune.ts'
import { apiVersionOf, defineKind, type Kind, type StoredForm } from '../../kinds/defineKind.ts'
import { customErrors } from './checks.ts'
import { columnsOf } from './columns.ts'
import { readCustom } from './decode.ts'
import { finalizerWarnings } from './finalizerWarnings.ts'
import { valueAt } from './jsonPath.ts'

// A memo by the definition, which is frozen: the kinds are worked out anew after a restore.
const known = new WeakMap<CustomResourceDefinition, readonly Kind[]>()

/** The kinds that a definition serves, the preferred version first; none before it is established. */
export function customKinds(definition: CustomResourceDefinition): readonly Kind[] {
  let kinds = known.get(definition)
  if (kinds === undefined) known.set(definition, (kinds = isTrue(definition, 'Established') ? kindsOf(definition) : []))
  return kinds
}

function kindsOf(definition: CustomResourceDefinition): readonly Kind[] {
  const versions = versionsOf(definition)
  const stored = versions.find(({ storage }) => storage)!
  const asStored = kindOf(definition, stored, undefined)
  // what was stored before the definition changed is read by the schema of now, and what is stored without a status has its defaults
  const isAlone =
    versions.length === 1 &&
    definition.status.storedVersions?.length === 1 &&
    definition.metadata.generation === 1 &&
    stored.schema?.openAPIV3Schema?.properties?.['status']?.default === undefined
  return versions
    .filter(({ served }) => served)
    .toSorted((a, b) => byPriority(a.name, b.name))
    .map((version) => (isAlone ? asStored : kindOf(definition, version, asStored)))
}

type Loose = KubeObject & { status?: unknown; spec?: unknown }

function kindOf(definition: CustomResourceDefinition, version: Version, stored: Kind | undefined): Kind {
  const { spec, status } = definition
  const { group } = spec
  const names = status.acceptedNames ?? spec.names
  const schema: Schema = version.schema?.openAPIV3Schema ?? { 'x-kubernetes-preserve-unknown-fields': true }
  const { subresources = {} } = version
  const hasStatus = subresources.status !== undefined
  const { scale } = subresources
  const kind: Kind<Loose> = defineKind<Loose>({
    group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular || names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: spec.scope === 'Namespaced',
    subresources: [...(hasStatus ? ['status'] : []), ...(scale ? ['scale'] : [])],
    storagePrefix: `${group}/${names.plural}`,
    hasGeneration: true,
    needsResourceVersion: true,
    isNewGeneration: (next, old) => !isEqual(contentOf(next, hasStatus), contentOf(old, hasStatus)),
    defaults: (draft) => fillDefaults(draft, schema),
    prepareForCreate(draft) {
      if (hasStatus) delete (draft as { status?: unknown }).status
    },
    prepareForStatusUpdate(draft, old) {
      const { managedFields } = draft.metadata
      const kept = { ...(old.metadata as Draft<Loose>['metadata']) }
      draft.metadata = managedFields === undefined ? kept : { ...kept, managedFields }
    },
    validate: (object) => customErrors(schema, scale, object, undefined),
    validateUpdate: (next, old, meta) => [...meta(), ...customErrors(schema, scale, next, old)],
    validateStatusUpdate: (next, old) => customErrors(schema, scale, next, old),
    warnings: finalizerWarnings,
    columns: columnsOf(version.additionalPrinterColumns),
    selectableFields: Object.fromEntries(
      (version.selectableFields ?? []).map(({ jsonPath }) => [jsonPath.replace(/^\./, ''), textAt(jsonPath)]),
    ),
    custom: {
      schema,
      listKind: names.listKind ?? `${names.kind}List`,
      isTerminating: isTrue(definition, 'Terminating'),
      decode: (body) => readCustom(schema, body) as never,
      ...(scale && {
        scale: {
          spec: scale.specReplicasPath,
          status: scale.statusReplicasPath,
          ...(scale.labelSelectorPath && { selector: scale.labelSelectorPath }),
        },
      }),
      ...(version.deprecated && { deprecation: deprecationOf(definition, version) }),
    },
    ...(stored && { storedAs: formOf(stored, schema, `${group}/${version.name}`) as StoredForm<Loose> }),
  })
  return kind as unknown as Kind
}

/** All versions have the same fields; only the apiVersion tells them apart. */
// differs: conversion webhooks are not called, objects are converted as with strategy None
function formOf(stored: Kind, schema: Schema, apiVersion: string): StoredForm {
  const inVersion = (object: KubeObject, version: string): KubeObject =>
    object.apiVersion === version ? object : { ...object, apiVersion: version }
  const storedVersion = apiVersionOf(stored)
  const known = new WeakMap<KubeObject, KubeObject>()
  return {
    kind: stored,
    toStored: (object) => inVersion(object, storedVersion),
    fromStored(object) {
      let read = known.get(object)
      if (read === undefined) known.set(object, (read = readBy(schema, inVersion(object, apiVersion))))
      return read
    },
  }
}

/** A stored object without what the schema does not know, and with its defaults; the same object if nothing is to be done. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go, decoding from the store
function readBy(schema: Schema, object: KubeObject): KubeObject {
  const { metadata, ...rest } = object
  const draft = copyPlain(prune(rest, schema, true, [])) as object
  dropNulls(draft, schema)
  fillDefaults(draft, schema)
  return isEqual(draft, rest) ? object : ({ ...draft, metadata } as KubeObject)
}

/** What counts as a change of generation: everything, or everything but the status where that has a door of its own. */
function contentOf(object: Loose, hasStatus: boolean): object {
  const { metadata: _metadata, status, ...rest } = object
  return hasStatus ? rest : { ...rest, status }
}

function textAt(path: string): (object: KubeObject) => string {
  return (object) => {
    const value = valueAt(path, object)
    return value === undefined || value === null ? '' : String(value as string)
  }
}

function deprecationOf(definition: CustomResourceDefinition, version: Version): string {
  if (version.deprecationWarning) return version.deprecationWarning
  const { group, names } = definition.spec
  const better = versionsOf(definition)
    .filter((other) => other.served && !other.deprecated && byPriority(other.name, version.name) < 0)
    .toSorted((a, b) => byPriority(a.name, b.name))[0]
  const own = `${group}/${version.name} ${names.kind} is deprecated`
  return better === undefined ? own : `${own}; use ${group}/${better.name} ${names.kind}`
}

const shape = /^v(\d+)(?:(alpha|beta)(\d+))?$/

/** Stable versions before betas before alphas, later before earlier, all others by name. */
// upstream: staging/src/k8s.io/apimachinery/pkg/version/helpers.go CompareKubeAwareVersionStrings
export function byPriority(a: string, b: string): number {
  const [left, right] = [shape.exec(a), shape.exec(b)]
  if (left === null || right === null) return left === right ? (a < b ? -1 : a > b ? 1 : 0) : left === null ? 1 : -1
  const rank = ([, , level]: RegExpExecArray): number => (level === undefined ? 2 : level === 'beta' ? 1 : 0)
  return rank(right) - rank(left) || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0)
}
