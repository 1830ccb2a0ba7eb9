import { isLabel, isLabel1035, isLabelValue, isQualifiedName, isSubdomain } from '../../api/index.ts'
import { hasDateFormat } from './dates.ts'
import {
  compare,
  fail,
  isSame,
  itemsOf,
  kindOf,
  opaqueOf,
  optional,
  tagged,
  type Tagged,
  type Value,
} from '../values.ts'
import type { Functions } from './define.ts'
import { inInt, inUint } from './operators.ts'
import { urlOf, urls } from './url.ts'
import { versions } from './semver.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/cel/library

const quantity = 'kubernetes.Quantity'
const nano = 1_000_000_000n

const suffixes: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 1000n,
  m: 1_000_000n,
  '': nano,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: nano * 1024n,
  Mi: nano * 1024n ** 2n,
  Gi: nano * 1024n ** 3n,
  Ti: nano * 1024n ** 4n,
  Pi: nano * 1024n ** 5n,
  Ei: nano * 1024n ** 6n,
}

/** A quantity in billionths; undefined for what is none. */
export function nanosOf(text: string): bigint | undefined {
  const match = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/.exec(text)
  if (match === null) return undefined
  const [, sign, digits = '', suffix = '', exponent = '0'] = match
  const [whole = '', fraction = ''] = digits.split('.')
  const power = Number(exponent) - fraction.length
  const value = BigInt(whole + fraction || '0') * suffixes[suffix]!
  const scaled = power >= 0 ? value * 10n ** BigInt(power) : up(value, 10n ** BigInt(-power))
  return sign === '-' ? -scaled : scaled
}

const up = (value: bigint, by: bigint): bigint => (value + by - 1n) / by

const nanos = (value: Tagged): bigint => value.of as bigint
const quantityOf = (value: bigint): Value => opaqueOf(quantity, value)
/** As far as 18 digits go. upstream: Quantity.AsInt64 */
const isWhole = (value: Tagged): boolean => {
  const all = nanos(value)
  return all % nano === 0n && (all < 0n ? -all : all) / nano < 10n ** 18n
}
const amount = (value: Value): bigint => (typeof value === 'bigint' ? value * nano : nanos(value as Tagged))

const quantities: Functions = {
  'quantity(string) kubernetes.Quantity': (text: string) =>
    quantityOf(
      nanosOf(text) ??
        fail("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),
    ),
  'isQuantity(string) bool': (text: string) => nanosOf(text) !== undefined,
  'sign(kubernetes.Quantity) int': (value: Tagged) => (nanos(value) > 0n ? 1n : nanos(value) < 0n ? -1n : 0n),
  'kubernetes.Quantity.isInteger() bool': (value: Tagged) => isWhole(value),
  'kubernetes.Quantity.asInteger() int': (value: Tagged) =>
    isWhole(value) ? nanos(value) / nano : fail('cannot convert value to integer'),
  'kubernetes.Quantity.asApproximateFloat() double': (value: Tagged) => Number(nanos(value)) / 1e9,
  'kubernetes.Quantity.isLessThan(kubernetes.Quantity) bool': (a: Tagged, b: Tagged) => nanos(a) < nanos(b),
  'kubernetes.Quantity.isGreaterThan(kubernetes.Quantity) bool': (a: Tagged, b: Tagged) => nanos(a) > nanos(b),
  'kubernetes.Quantity.compareTo(kubernetes.Quantity) int': (a: Tagged, b: Tagged) =>
    nanos(a) < nanos(b) ? -1n : nanos(a) > nanos(b) ? 1n : 0n,
  'kubernetes.Quantity.add(kubernetes.Quantity) kubernetes.Quantity': (a: Tagged, b: Value) =>
    quantityOf(nanos(a) + amount(b)),
  'kubernetes.Quantity.add(int) kubernetes.Quantity': (a: Tagged, b: Value) => quantityOf(nanos(a) + amount(b)),
  'kubernetes.Quantity.sub(kubernetes.Quantity) kubernetes.Quantity': (a: Tagged, b: Value) =>
    quantityOf(nanos(a) - amount(b)),
  'kubernetes.Quantity.sub(int) kubernetes.Quantity': (a: Tagged, b: Value) => quantityOf(nanos(a) - amount(b)),
}

const lists: Functions = {
  'list(A).isSorted() bool': (list: Value) => {
    const items = itemsOf(list)
    return items.every((item, at) => at === 0 || order(items[at - 1]!, item) <= 0)
  },
  'list(int).sum() int': (list: Value) => sum(itemsOf(list)),
  'list(uint).sum() uint': (list: Value) => sum(itemsOf(list)),
  'list(double).sum() double': (list: Value) => sum(itemsOf(list)),
  'list(duration).sum() duration': (list: Value) => sum(itemsOf(list)),
  'list(A).min() A': (list: Value) => extreme(itemsOf(list), -1),
  'list(A).max() A': (list: Value) => extreme(itemsOf(list), 1),
  'list(A).indexOf(A) int': (list: Value, item: Value) => BigInt(itemsOf(list).findIndex((one) => isSame(one, item))),
  'list(A).lastIndexOf(A) int': (list: Value, item: Value) =>
    BigInt(itemsOf(list).findLastIndex((one) => isSame(one, item))),
  'list(A).reverse() list(A)': (list: Value) => itemsOf(list).toReversed(),
  'list(A).distinct() list(A)': (list: Value) =>
    itemsOf(list).filter((item, at, all) => all.findIndex((other) => isSame(other, item)) === at),
  'list(A).sort() list(A)': (list: Value) => itemsOf(list).toSorted(order),
  'list(A).slice(int, int) list(A)': (list: Value, from: bigint, to: bigint) =>
    slice(itemsOf(list), Number(from), Number(to)),
  'list(list(A)).flatten() list(A)': (list: Value) => flat(list, 1),
  'list(dyn).flatten(int) list(dyn)': (list: Value, depth: bigint) =>
    depth < 0n ? fail('level must be non-negative') : flat(list, Number(depth)),
  'lists.range(int) list(int)': (count: bigint) =>
    count > rangeMax
      ? fail('range is too long')
      : Array.from({ length: Math.max(0, Number(count)) }, (_, at) => BigInt(at)),
  'list(A).first() optional(A)': (list: Value) => optional(itemsOf(list)[0]),
  'list(A).last() optional(A)': (list: Value) => optional(itemsOf(list).at(-1)),
  'sets.contains(list(A), list(A)) bool': (a: Value, b: Value) => holds(a, b),
  'sets.equivalent(list(A), list(A)) bool': (a: Value, b: Value) => holds(a, b) && holds(b, a),
  'sets.intersects(list(A), list(A)) bool': (a: Value, b: Value) =>
    itemsOf(a).some((item) => itemsOf(b).some((other) => isSame(item, other))),
}

/** Longer ranges cost more than any rule may. differs: upstream counts what a rule costs */
const rangeMax = 100_000

const flat = (list: Value, depth: number): readonly Value[] =>
  depth === 0 ? itemsOf(list) : itemsOf(list).flatMap((item) => (isList(item) ? flat(item, depth - 1) : [item]))

function slice(items: readonly Value[], from: number, to: number): readonly Value[] {
  const what = `cannot slice(${from}, ${to})`
  if (from < 0 || to < 0) return fail(`${what}, negative indexes not supported`)
  if (from > to) return fail(`${what}, start index must be less than or equal to end index`)
  return to > items.length ? fail(`${what}, list is length ${items.length}`) : items.slice(from, to)
}

const isList = (value: Value): boolean =>
  Array.isArray(value) || (typeof value === 'object' && value !== null && 'json' in value && Array.isArray(value.json))
const order = (a: Value, b: Value): number => compare(a, b) ?? fail('no such overload')
const holds = (a: Value, b: Value): boolean =>
  itemsOf(b).every((item) => itemsOf(a).some((other) => isSame(item, other)))

/** What the items are tells which sum it is. */
function sum(items: readonly Value[]): Value {
  const [first = 0n] = items
  if (typeof first === 'bigint') return inInt((items as readonly bigint[]).reduce((a, b) => a + b, 0n))
  if (typeof first === 'number') return (items as readonly number[]).reduce((a, b) => a + b, 0)
  const parts = (items as readonly Tagged[]).map(({ of }) => of)
  if (kindOf(first) === 'uint') return inUint((parts as readonly bigint[]).reduce((a, b) => a + b, 0n))
  return tagged(
    'duration',
    (parts as readonly number[]).reduce((a, b) => a + b, 0),
  )
}

function extreme(items: readonly Value[], sign: number): Value {
  if (items.length === 0) return fail(`${sign < 0 ? 'min' : 'max'} called on empty list`)
  return items.reduce((best, item) => (order(item, best) * sign > 0 ? item : best))
}

const named: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label: isLabel,
  dns1123Subdomain: isSubdomain,
  dns1035Label: isLabel1035,
  qualifiedName: isQualifiedName,
  labelValue: isLabelValue,
  dns1123LabelPrefix: (text) => isLabel(text.replace(/-$/, 'a')),
  dns1123SubdomainPrefix: (text) => isSubdomain(text.replace(/-$/, 'a')),
  dns1035LabelPrefix: (text) => isLabel1035(text.replace(/-$/, 'a')),
  uri: (text) => {
    const read = urlOf(text)
    return typeof read === 'string' ? [read] : []
  },
  uuid: (text) =>
    /^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$/.test(text) ? [] : ['does not match the UUID format'],
  byte: (text) =>
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) ? [] : ['invalid base64'],
  date: (text) => (hasDateFormat(text, 'date') ? [] : ['invalid date']),
  datetime: (text) => (hasDateFormat(text, 'datetime') ? [] : ['invalid datetime']),
}

const formats: Functions = {
  'format.named(string) optional(kubernetes.NamedFormat)': (name: string) =>
    optional(name in named ? opaqueOf('kubernetes.NamedFormat', name) : undefined),
  ...Object.fromEntries(
    Object.keys(named).map((name) => [
      `format.${name}() kubernetes.NamedFormat`,
      () => opaqueOf('kubernetes.NamedFormat', name),
    ]),
  ),
  'kubernetes.NamedFormat.validate(string) optional(list(string))': ({ of }: Tagged, text: string) => {
    const problems = named[of as string]!(text)
    return optional(problems.length === 0 ? undefined : problems)
  },
}

/** Kubernetes' own libraries but for those of the network. */
export const kubernetes: readonly Functions[] = [quantities, urls, lists, versions, formats]
