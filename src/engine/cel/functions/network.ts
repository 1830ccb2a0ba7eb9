import { ipFamily } from '../../api/index.ts'
import { fail, opaqueOf, type Tagged, type Value } from '../values.ts'
import { addressProblem, rangeProblem } from './address.ts'
import type { Functions } from './define.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/cel/library/{ip,cidr}.go

interface Address {
  readonly bits: bigint
  readonly isV6: boolean
}

interface Range extends Address {
  readonly length: number
}

const ip = 'net.IP'
const cidr = 'net.CIDR'

function addressOf(text: string): Address | undefined {
  const family = ipFamily(text)
  if (family === undefined || text.includes('%') || /(^|\.)0\d/.test(text) || /^::ffff:\d+\./i.test(text))
    return undefined
  return family === 'IPv4' ? { bits: fourOf(text), isV6: false } : { bits: sixOf(text), isV6: true }
}

const fourOf = (text: string): bigint => text.split('.').reduce((bits, part) => bits * 256n + BigInt(part), 0n)

function sixOf(text: string): bigint {
  const last = /(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1]
  const four = last === undefined ? 0n : fourOf(last)
  const plain =
    last === undefined ? text : text.replace(last, `${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`)
  const [head = '', tail] = plain.split('::')
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'))
  const [front, back] = [groups(head), groups(tail ?? '')]
  const filled =
    tail === undefined ? front : [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back]
  return filled.reduce((bits, group) => bits * 65_536n + BigInt(`0x${group || '0'}`), 0n)
}

const width = ({ isV6 }: Address): number => (isV6 ? 128 : 32)

function formatAddress({ bits, isV6 }: Address): string {
  if (!isV6) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.')
  const groups = Array.from({ length: 8 }, (_, at) => ((bits >> BigInt(112 - 16 * at)) & 0xffffn).toString(16))
  const run = longestZeros(groups)
  if (run.length < 2) return groups.join(':')
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`
}

function longestZeros(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  return best
}

function rangeOf(text: string): Range | undefined {
  const match = /^(.*)\/(0|[1-9]\d*)$/.exec(text)
  const address = match === null ? undefined : addressOf(match[1]!)
  if (address === undefined || Number(match![2]) > width(address)) return undefined
  return { ...address, length: Number(match![2]) }
}

const at = (value: Tagged): Address => value.of as Address
const range = (value: Tagged): Range => value.of as Range
const network = (address: Address, length: number): bigint => address.bits >> BigInt(width(address) - length)

function holds(outer: Range, inner: Address, length = width(inner)): boolean {
  if (outer.isV6 !== inner.isV6 || length < outer.length) return false
  return network(outer, outer.length) === network(inner, outer.length)
}

const start = (what: string): string => `${what} parse error during conversion from string: `

/** Addresses of version 4 in the clothes of version 6, and those of one zone, are none. */
function refusal(text: string): string | undefined {
  if (/^::ffff:\d+\./i.test(text)) return `IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`
  return text.includes('%') ? `IP address ${JSON.stringify(text)} with zone value is not allowed` : undefined
}

function toIp(text: string): Value {
  const problem = addressProblem(text)
  if (problem !== undefined) return fail(`${start(`IP Address ${JSON.stringify(text)}`)}${problem}`)
  return opaqueOf(ip, addressOf(text) ?? fail(refusal(text) ?? 'unable to parse IP'))
}

function toCidr(text: string): Value {
  const said = start('network address')
  const problem = rangeProblem(text)
  if (problem !== undefined) return fail(`${said}${said}${problem}`)
  return opaqueOf(cidr, rangeOf(text) ?? fail(`${said}${refusal(text) ?? 'unable to parse IP'}`))
}

/** The address that a text names, where another error would not do. */
const named = (text: string): Address => addressOf(text) ?? fail('no such overload')

function masked(one: Range): Range {
  const shift = BigInt(width(one) - one.length)
  return { ...one, bits: (one.bits >> shift) << shift }
}

const within = (text: string): ((value: Tagged) => boolean) => {
  const outer = rangeOf(text)!
  return (value) => holds(outer, at(value))
}
const either =
  (...tests: readonly ((value: Tagged) => boolean)[]) =>
  (value: Tagged): boolean =>
    tests.some((test) => test(value))

const isUnspecified = (value: Tagged): boolean => at(value).bits === 0n
const isLoopback = either(within('127.0.0.0/8'), within('::1/128'))
const isMulticast = either(within('224.0.0.0/4'), within('ff00::/8'))
const isLinkLocalMulticast = either(within('224.0.0.0/24'), within('ff02::/16'))
const isLinkLocalUnicast = either(within('169.254.0.0/16'), within('fe80::/10'))

/** Addresses and ranges of them. */
export const networks: Functions = {
  'ip(string) net.IP': toIp,
  'isIP(string) bool': (text: string) => addressOf(text) !== undefined,
  'ip.isCanonical(string) bool': (text: string) => formatAddress((toIp(text) as Tagged).of as Address) === text,
  'net.IP.family() int': (value: Tagged) => (at(value).isV6 ? 6n : 4n),
  'net.IP.isUnspecified() bool': isUnspecified,
  'net.IP.isLoopback() bool': isLoopback,
  'net.IP.isLinkLocalMulticast() bool': isLinkLocalMulticast,
  'net.IP.isLinkLocalUnicast() bool': isLinkLocalUnicast,
  'net.IP.isGlobalUnicast() bool': (value: Tagged) =>
    !isUnspecified(value) &&
    !isLoopback(value) &&
    !isMulticast(value) &&
    !isLinkLocalUnicast(value) &&
    at(value).bits !== 0xffffffffn,
  'string(net.IP) string': (value: Tagged) => formatAddress(at(value)),
  'cidr(string) net.CIDR': toCidr,
  'isCIDR(string) bool': (text: string) => rangeOf(text) !== undefined,
  'net.CIDR.containsIP(net.IP) bool': (outer: Tagged, inner: Tagged) => holds(range(outer), at(inner)),
  'net.CIDR.containsIP(string) bool': (outer: Tagged, inner: string) => holds(range(outer), named(inner)),
  'net.CIDR.containsCIDR(net.CIDR) bool': (outer: Tagged, inner: Tagged) =>
    holds(range(outer), at(inner), range(inner).length),
  'net.CIDR.containsCIDR(string) bool': (outer: Tagged, inner: string) => {
    const one = range(toCidr(inner) as Tagged)
    return holds(range(outer), one, one.length)
  },
  'net.CIDR.ip() net.IP': (value: Tagged) => opaqueOf(ip, { bits: range(value).bits, isV6: range(value).isV6 }),
  'net.CIDR.masked() net.CIDR': (value: Tagged) => opaqueOf(cidr, masked(range(value))),
  'net.CIDR.prefixLength() int': (value: Tagged) => BigInt(range(value).length),
  'string(net.CIDR) string': (value: Tagged) => `${formatAddress(range(value))}/${range(value).length}`,
}
