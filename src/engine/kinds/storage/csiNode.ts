import {
  duplicate,
  each,
  invalidValue,
  isEqual,
  isQualifiedName,
  notNegative,
  required,
  type CSINode,
  type FieldError,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { csiDriverErrors } from '../core/volume/sources.ts'
import { defineKind } from '../defineKind.ts'

/** Which storage drivers run on a node. */
export const csiNode = defineKind<CSINode>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  namespaced: false,
  needsResourceVersion: true,
  defaults(draft) {
    draft.spec ??= { drivers: [] }
    ;(draft.spec as { drivers?: unknown }).drivers ??= null
  },
  validate: nodeErrors,
  // upstream's strategy looks at the whole, and so does its validation of an update once more
  validateUpdate: (next, old, meta) => [
    ...meta(),
    ...nodeErrors(next),
    ...meta(),
    ...nodeErrors(next),
    ...changeErrors(next, old),
  ],
  columns: [nameColumn, { name: 'Drivers', type: 'integer', cell: ({ spec }) => driversOf(spec).length }, ageColumn],
})

type Driver = CSINode['spec']['drivers'][number]

const driversOf = ({ drivers }: CSINode['spec']): readonly Driver[] => (drivers as readonly Driver[] | null) ?? []
const idCharactersMax = 256

// upstream: pkg/apis/storage/validation/validation.go validateCSINodeDrivers
function nodeErrors({ spec }: CSINode): readonly FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  driversOf(spec).forEach((driver, index) => {
    const path = `spec.drivers[${index}]`
    const { name, nodeID, allocatable, topologyKeys = [] } = driver
    errors.push(...csiDriverErrors(`${path}.name`, name))
    if (!nodeID) errors.push(required(`${path}.nodeID`))
    else if (nodeID.length > idCharactersMax)
      errors.push(invalidValue(`${path}.nodeID`, nodeID, `must be ${idCharactersMax} characters or less`))
    errors.push(...notNegative(`${path}.allocatable.count`, allocatable?.count))
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name))
    names.add(name)
    topologyKeys.forEach((key, place) => {
      if (key === '') errors.push(required(path))
      if (topologyKeys.indexOf(key) < place) errors.push(duplicate(path, key))
      errors.push(...each(path, key, isQualifiedName(key)))
    })
  })
  return errors
}

/** A driver that stays is the same one; only how much it can take may change. */
function changeErrors({ spec: next }: CSINode, { spec: old }: CSINode): readonly FieldError[] {
  return driversOf(old).flatMap((was) =>
    driversOf(next)
      .filter(({ name }) => name === was.name)
      .filter((is) => !isEqual({ ...is, allocatable: 0 }, { ...was, allocatable: 0 }))
      .map(({ name, nodeID, topologyKeys }) =>
        invalidValue(
          'spec.drivers',
          { Name: name, NodeID: nodeID, TopologyKeys: topologyKeys ?? null, Allocatable: null },
          'field is immutable',
        ),
      ),
  )
}
