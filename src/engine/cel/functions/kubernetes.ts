import { isLabel, isLabel1035, isLabelValue, isQualifiedName, isSubdomain } from '../../api/index.ts'
import { hasDateFormat } from './dates.ts'
import { compare, fail, isSame, itemsOf, opaqueOf, optional, type Tagged, type Value } from '../values.ts'
import type { Functions } from './define.ts'

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
const amount = (value: Value): bigint => (typeof value === 'bigint' ? value * nano : nanos(value as Tagged))

const quantities: Functions = {
  'quantity(string) kubernetes.Quantity': (text: string) =>
    quantityOf(
      nanosOf(text) ??
        fail("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),
    ),
  'isQuantity(string) bool': (text: string) => nanosOf(text) !== undefined,
  'kubernetes.Quantity.sign() int': (value: Tagged) => (nanos(value) > 0n ? 1n : nanos(value) < 0n ? -1n : 0n),
  'kubernetes.Quantity.isInteger() bool': (value: Tagged) => nanos(value) % nano === 0n,
  'kubernetes.Quantity.asInteger() int': (value: Tagged) =>
    nanos(value) % nano === 0n ? nanos(value) / nano : fail('cannot convert value to integer'),
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

interface Url {
  readonly text: string
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string
}

function urlOf(text: string): Url | undefined {
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/\/([^/?#]*))?(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/.exec(text)
  if (match === null || (match[1] === undefined && match[3] === undefined)) return undefined
  const [, scheme = '', host = '', path = '', query = ''] = match
  return /[\s<>"{}|\\^`]/.test(text) ? undefined : { text, scheme, host: host.replace(/^.*@/, ''), path, query }
}

const url = 'kubernetes.URL'
const partsOf = (value: Tagged): Url => value.of as Url
const hostname = ({ host }: Url): string => host.replace(/:\d*$/, '').replace(/^\[|\]$/g, '')

const urls: Functions = {
  'url(string) kubernetes.URL': (text: string) =>
    opaqueOf(
      url,
      urlOf(text) ??
        fail(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`),
    ),
  'isURL(string) bool': (text: string) => urlOf(text) !== undefined,
  'kubernetes.URL.getScheme() string': (value: Tagged) => partsOf(value).scheme,
  'kubernetes.URL.getHost() string': (value: Tagged) => partsOf(value).host,
  'kubernetes.URL.getHostname() string': (value: Tagged) => hostname(partsOf(value)),
  'kubernetes.URL.getPort() string': (value: Tagged) => /:(\d*)$/.exec(partsOf(value).host)?.[1] ?? '',
  'kubernetes.URL.getEscapedPath() string': (value: Tagged) => partsOf(value).path,
  'kubernetes.URL.getQuery() map(string, list(string))': (value: Tagged) => queryOf(partsOf(value).query),
}

function queryOf(query: string): Value {
  const found = new Map<Value, string[]>()
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const [name = '', value = ''] = pair.split(/=(.*)/s).map((part) => decodeURIComponent(part.replace(/\+/g, ' ')))
    found.set(name, [...(found.get(name) ?? []), value])
  }
  return found
}

const lists: Functions = {
  'list(A).isSorted() bool': (list: Value) => {
    const items = itemsOf(list)
    return items.every((item, at) => at === 0 || order(items[at - 1]!, item) <= 0)
  },
  'list(A).sum() A': (list: Value) => sum(itemsOf(list)),
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
    itemsOf(list).slice(Number(from), Number(to)),
  'list(dyn).flatten() list(dyn)': (list: Value) =>
    itemsOf(list).flatMap((item) => (isList(item) ? itemsOf(item) : [item])),
  'list(A).first() optional(A)': (list: Value) => optional(itemsOf(list)[0]),
  'list(A).last() optional(A)': (list: Value) => optional(itemsOf(list).at(-1)),
  'sets.contains(list(A), list(A)) bool': (a: Value, b: Value) => holds(a, b),
  'sets.equivalent(list(A), list(A)) bool': (a: Value, b: Value) => holds(a, b) && holds(b, a),
  'sets.intersects(list(A), list(A)) bool': (a: Value, b: Value) =>
    itemsOf(a).some((item) => itemsOf(b).some((other) => isSame(item, other))),
}

const isList = (value: Value): boolean =>
  Array.isArray(value) || (typeof value === 'object' && value !== null && 'json' in value && Array.isArray(value.json))
const order = (a: Value, b: Value): number => compare(a, b) ?? fail('no such overload')
const holds = (a: Value, b: Value): boolean =>
  itemsOf(b).every((item) => itemsOf(a).some((other) => isSame(item, other)))

function sum(items: readonly Value[]): Value {
  if (items.every((item) => typeof item === 'bigint')) return (items as readonly bigint[]).reduce((a, b) => a + b, 0n)
  return items.reduce<number>((total, item) => total + Number(item), 0)
}

function extreme(items: readonly Value[], sign: number): Value {
  if (items.length === 0) return fail(`${sign < 0 ? 'min' : 'max'} called on empty list`)
  return items.reduce((best, item) => (order(item, best) * sign > 0 ? item : best))
}

const semver = 'kubernetes.Semver'
const versionShape = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/
type Version = readonly [major: number, minor: number, patch: number, pre: string]

function versionOf(text: string, isLoose = false): Version | undefined {
  const filled = isLoose ? loose(text) : text
  const match = versionShape.exec(filled)
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3]), match[4] ?? '']
}

function loose(text: string): string {
  const plain = text.replace(/^v/, '').replace(/(^|\.)0+(\d)/g, '$1$2')
  return /^\d+$/.test(plain) ? `${plain}.0.0` : /^\d+\.\d+$/.test(plain) ? `${plain}.0` : plain
}

function versionOrder(a: Tagged, b: Tagged): number {
  const [left, right] = [a.of as Version, b.of as Version]
  for (const part of [0, 1, 2] as const) if (left[part] !== right[part]) return left[part] < right[part] ? -1 : 1
  if (left[3] === right[3]) return 0
  if (left[3] === '' || right[3] === '') return left[3] === '' ? 1 : -1
  return left[3] < right[3] ? -1 : 1
}

const toSemver = (text: string, isLoose = false): Value =>
  opaqueOf(semver, versionOf(text, isLoose) ?? fail(`No Major.Minor.Patch elements found`))

const versions: Functions = {
  'semver(string) kubernetes.Semver': (text: string) => toSemver(text),
  'semver(string, bool) kubernetes.Semver': toSemver,
  'isSemver(string) bool': (text: string) => versionOf(text) !== undefined,
  'isSemver(string, bool) bool': (text: string, isLoose: boolean) => versionOf(text, isLoose) !== undefined,
  'kubernetes.Semver.major() int': ({ of }: Tagged) => BigInt((of as Version)[0]),
  'kubernetes.Semver.minor() int': ({ of }: Tagged) => BigInt((of as Version)[1]),
  'kubernetes.Semver.patch() int': ({ of }: Tagged) => BigInt((of as Version)[2]),
  'kubernetes.Semver.isLessThan(kubernetes.Semver) bool': (a: Tagged, b: Tagged) => versionOrder(a, b) < 0,
  'kubernetes.Semver.isGreaterThan(kubernetes.Semver) bool': (a: Tagged, b: Tagged) => versionOrder(a, b) > 0,
  'kubernetes.Semver.compareTo(kubernetes.Semver) int': (a: Tagged, b: Tagged) => BigInt(versionOrder(a, b)),
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
  uri: (text) => (urlOf(text) === undefined ? [`parse ${JSON.stringify(text)}: invalid URI for request`] : []),
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
