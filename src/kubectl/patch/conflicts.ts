import { isEqual, mergeRule, ownAt } from '../engine.ts'
import { goPrint } from '../printers/goSyntax.ts'
import { holdsMaps, isMap, PatchError, typeAt, type Json, type List } from './parts.ts'

// upstream: apimachinery/pkg/util/strategicpatch/patch.go MergingMapsHaveConflicts

/** Whether two strategic merge patches of one object say different things of a field. Throws a PatchError. */
export function haveConflicts(type: string, left: Json, right: Json): boolean {
  return differ(type, left, right, {})
}

interface Rule {
  readonly patch?: string | undefined
  readonly patchKey?: string | undefined
}

function differ(type: string, left: unknown, right: unknown, rule: Rule): boolean {
  if (isMap(left)) {
    if (!isMap(right) || ownAt(left, '$patch') !== ownAt(right, '$patch')) return true
    return rule.patch !== 'replace' && mapsDiffer(type, left, right)
  }
  if (Array.isArray(left)) return !Array.isArray(right) || listsDiffer(type, left, right, rule)
  return !isEqual(left, right)
}

function mapsDiffer(type: string, left: Json, right: Json): boolean {
  return Object.keys(left).some((key) => {
    if (key === '$patch' || key === '$retainKeys' || !Object.hasOwn(right, key)) return false
    return differ(typeAt(type, key), left[key], right[key], mergeRule(type, key))
  })
}

function listsDiffer(type: string, left: List, right: List, { patch, patchKey = '' }: Rule): boolean {
  if (left.length + right.length === 0) throw new PatchError('no elements in any of the given slices')
  const areMaps = holdsMaps(left, right)
  if (patch === 'merge' && !areMaps) return false
  if (patch === 'merge') {
    const others = byKey(right as readonly Json[], patchKey)
    return [...byKey(left as readonly Json[], patchKey)].some(([name, item]) => {
      const other = others.get(name)
      return other !== undefined && differ(type, item, other, {})
    })
  }
  if (left.length !== right.length) return true
  const [one, other] = areMaps ? [left, right] : [sortedOnce(left), sortedOnce(right)]
  return one.some((item, index) => differ(type, item, other[index], {}))
}

function byKey(items: readonly Json[], mergeKey: string): ReadonlyMap<string, Json> {
  return new Map(
    items.map((item) => {
      if (!Object.hasOwn(item, mergeKey))
        throw new PatchError(`cannot find merge key \`${mergeKey}\` in merging list element:${goPrint(item)}`)
      return [String(item[mergeKey]), item]
    }),
  )
}

const sortedOnce = (items: List): List => [...new Set(items)].sort((a, b) => (String(a) < String(b) ? -1 : 1))
