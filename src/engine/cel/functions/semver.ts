import { fail, opaqueOf, type Tagged, type Value } from '../values.ts'
import type { Functions } from './define.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/cel/library/semverlib.go, github.com/blang/semver/v4 Parse

const semver = 'kubernetes.Semver'

interface Version {
  readonly parts: readonly [major: number, minor: number, patch: number]
  readonly pre: readonly string[]
}

const isNumber = (text: string): boolean => /^\d+$/.test(text)
const isWord = (text: string): boolean => /^[0-9A-Za-z-]+$/.test(text)

/** A version, or why a text is none. */
function versionOf(text: string, isLoose = false): Version | string {
  if (text === '') return 'Version string empty'
  const [major = '', minor, ...rest] = (isLoose ? loose(text) : text).split('.')
  if (minor === undefined || rest.length === 0) return 'No Major.Minor.Patch elements found'
  const tail = rest.join('.')
  const plus = tail.indexOf('+')
  const body = plus < 0 ? tail : tail.slice(0, plus)
  const dash = body.indexOf('-')
  const patch = dash < 0 ? body : body.slice(0, dash)
  const pre = dash < 0 ? [] : body.slice(dash + 1).split('.')
  const words = { Major: major, Minor: minor, Patch: patch }
  for (const [name, word] of Object.entries(words)) {
    const why = numberProblem(name, word)
    if (why !== undefined) return why
  }
  const why = pre.map(preProblem).find((problem) => problem !== undefined)
  if (why !== undefined) return why
  const odd =
    plus < 0
      ? undefined
      : tail
          .slice(plus + 1)
          .split('.')
          .find((word) => !isWord(word))
  if (odd !== undefined)
    return odd === ''
      ? 'Build meta data is empty'
      : `Invalid character(s) found in build meta data ${JSON.stringify(odd)}`
  return { parts: [Number(major), Number(minor), Number(patch)], pre }
}

function numberProblem(name: string, word: string): string | undefined {
  if (!isNumber(word) && word !== '')
    return `Invalid character(s) found in ${name.toLowerCase()} number ${JSON.stringify(word)}`
  if (word.length > 1 && word.startsWith('0'))
    return `${name} number must not contain leading zeroes ${JSON.stringify(word)}`
  if (word === '') return 'strconv.ParseUint: parsing "": invalid syntax'
  return BigInt(word) >= 2n ** 64n
    ? `strconv.ParseUint: parsing ${JSON.stringify(word)}: value out of range`
    : undefined
}

function preProblem(word: string): string | undefined {
  if (word === '') return 'Prerelease is empty'
  if (isNumber(word))
    return word.length > 1 && word.startsWith('0')
      ? `Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(word)}`
      : undefined
  return isWord(word) ? undefined : `Invalid character(s) found in prerelease ${JSON.stringify(word)}`
}

function loose(text: string): string {
  const [major = '', minor, ...rest] = text.replace(/^v/, '').split('.')
  const plain = (word: string): string => word.replace(/^0+(?=\d)/, '')
  if (minor === undefined) return `${plain(major)}.0.0`
  return [plain(major), plain(minor), ...(rest.length === 0 ? ['0'] : [plain(rest.join('.'))])].join('.')
}

function order(a: Tagged, b: Tagged): number {
  const [left, right] = [a.of as Version, b.of as Version]
  for (const at of [0, 1, 2] as const)
    if (left.parts[at] !== right.parts[at]) return left.parts[at] < right.parts[at] ? -1 : 1
  if (left.pre.length === 0 || right.pre.length === 0) return Math.sign(right.pre.length - left.pre.length)
  for (const [at, word] of left.pre.entries()) {
    const other = right.pre[at]
    if (other === undefined) return 1
    if (word !== other) return wordOrder(word, other)
  }
  return left.pre.length < right.pre.length ? -1 : 0
}

/** Numbers come before words, and by their amount. */
function wordOrder(a: string, b: string): number {
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1
  if (isNumber(a)) return Number(a) < Number(b) ? -1 : 1
  return a < b ? -1 : 1
}

function toSemver(text: string, isLoose = false): Value {
  const version = versionOf(text, isLoose)
  return typeof version === 'string' ? fail(version) : opaqueOf(semver, version)
}

const isVersion = (text: string, isLoose = false): boolean => typeof versionOf(text, isLoose) !== 'string'

/** Versions of software. */
export const versions: Functions = {
  'semver(string) kubernetes.Semver': (text: string) => toSemver(text),
  'semver(string, bool) kubernetes.Semver': toSemver,
  'isSemver(string) bool': (text: string) => isVersion(text),
  'isSemver(string, bool) bool': isVersion,
  'kubernetes.Semver.major() int': ({ of }: Tagged) => BigInt((of as Version).parts[0]),
  'kubernetes.Semver.minor() int': ({ of }: Tagged) => BigInt((of as Version).parts[1]),
  'kubernetes.Semver.patch() int': ({ of }: Tagged) => BigInt((of as Version).parts[2]),
  'kubernetes.Semver.isLessThan(kubernetes.Semver) bool': (a: Tagged, b: Tagged) => order(a, b) < 0,
  'kubernetes.Semver.isGreaterThan(kubernetes.Semver) bool': (a: Tagged, b: Tagged) => order(a, b) > 0,
  'kubernetes.Semver.compareTo(kubernetes.Semver) int': (a: Tagged, b: Tagged) => BigInt(order(a, b)),
}
