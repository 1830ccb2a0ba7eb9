import { ipFamily, ipToBits, isCidr, isIp, isMappedIPv4, numberToIp } from '../../api/index.ts'
import { parseCidr } from '../networking/cidr.ts'

const fine: readonly string[] = Object.freeze([])

/** What keeps an address from being written in the one way that new fields take. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go IsValidIP
export function isCanonicalIp(text: string): readonly string[] {
  const bad = isIp(text)
  if (bad.length > 0) return bad
  const canonical = canonicalIp(text)
  return canonical === text ? fine : [`must be in canonical form ("${canonical}")`]
}

/** What keeps a text from being an address of an interface with its prefix length, in canonical form: `10.9.8.7/24`. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go IsValidInterfaceAddress
export function isInterfaceAddress(text: string): readonly string[] {
  const slash = text.indexOf('/')
  const address = text.slice(0, slash)
  if (slash < 0 || parseCidr(text) === undefined)
    return ['must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)']
  const canonical = `${canonicalIp(address)}/${Number(text.slice(slash + 1))}`
  return canonical === text ? fine : [`must be in canonical form ("${canonical}")`]
}

/** What keeps a range from being written in the one way that new fields take. */
// upstream: IsValidCIDR there
export function isCanonicalCidr(text: string): readonly string[] {
  const bad = isCidr(text)
  if (bad.length > 0) return bad
  const canonical = canonicalCidr(text)
  return canonical === text ? fine : [`must be in canonical form ("${canonical}")`]
}

/** What is said of an address that is accepted, but could be written better. */
// upstream: GetWarningsForIP there
export function ipWarnings(path: string, text: string): readonly string[] {
  const canonical = ipFamily(text) === undefined ? undefined : canonicalIp(text)
  if (canonical === undefined || canonical === text) return fine
  if (isIp(text).length > 0) return [`${path}: non-standard IP address "${text}" is invalid: use "${canonical}"`]
  return [`${path}: IPv6 address "${text}" should be in RFC 5952 canonical format ("${canonical}")`]
}

/** What is said of a range that is accepted, but could be written better. */
// upstream: GetWarningsForCIDR there
export function cidrWarnings(path: string, text: string): readonly string[] {
  const canonical = isCidr(text).length > 0 ? text : canonicalCidr(text)
  if (canonical === text) return fine
  return [`${path}: IPv6 CIDR value "${text}" should be in RFC 5952 canonical format ("${canonical}")`]
}

function canonicalCidr(text: string): string {
  const { family, first, prefix } = parseCidr(text)!
  return `${family === 'IPv4' ? text.slice(0, text.indexOf('/')) : sixText(first)}/${prefix}`
}

function canonicalIp(text: string): string {
  const family = ipFamily(text)!
  const bits = ipToBits(text, family)
  if (family === 'IPv4' || isMappedIPv4(text)) return numberToIp(Number(BigInt.asUintN(32, bits)))
  return sixText(bits)
}

/** The longest row of two zeros or more becomes `::`, the first of equally long ones. */
function sixText(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, place) => Number((bits >> BigInt(112 - 16 * place)) & 0xffffn))
  let start = -1
  let length = 1
  for (let at = 0; at < 8; at++) {
    let end = at
    while (end < 8 && groups[end] === 0) end++
    if (end - at > length) [start, length] = [at, end - at]
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':')
  if (start < 0) return text(groups)
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`
}
