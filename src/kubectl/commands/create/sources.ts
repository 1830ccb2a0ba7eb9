import { bool, list, strings } from '../../args/flags.ts'
import type { Io } from '../../context.ts'
import { CommandError } from '../../errors.ts'

/** Where the contents of a ConfigMap or Secret come from. */
export const sourceFlags = {
  'from-literal': list('key=value'),
  'from-file': strings('A file, key=file, or a folder'),
  'from-env-file': strings('A file of KEY=value lines'),
  'append-hash': bool('Append a hash of the contents to the name'),
}

interface SourceFlags {
  readonly 'from-literal': readonly string[]
  readonly 'from-file': readonly string[]
  readonly 'from-env-file': readonly string[]
}

/** How refusals name what is being made. */
export interface Maker {
  readonly name: string
  /** the text of a key that is taken, or that is no key */
  readonly taken: (key: string) => string
  readonly badKey: (key: string, reason: string) => string
}

/** The data that the flags name, as text by key. */
export function readSources(flags: SourceFlags, io: Io, maker: Maker): Readonly<Record<string, string>> {
  const data = new Map<string, string>()
  const add = (key: string, value: string): void => {
    const reason = keyComplaint(key)
    if (reason !== undefined) throw new CommandError(maker.badKey(key, reason))
    if (data.has(key)) throw new CommandError(maker.taken(key))
    data.set(key, value)
  }
  if (flags['from-env-file'].length > 0 && (flags['from-file'].length > 0 || flags['from-literal'].length > 0))
    throw new CommandError('from-env-file cannot be combined with from-file or from-literal')
  for (const source of flags['from-file']) for (const [key, text] of filesOf(source, io)) add(key, text)
  for (const literal of flags['from-literal']) add(...readLiteral(literal))
  for (const path of flags['from-env-file']) for (const [key, value] of envLines(path, io)) add(key, value)
  return Object.fromEntries([...data].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const keyShape = `a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`

function keyComplaint(key: string): string | undefined {
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) return keyShape
  return key === '.' || key === '..' ? `must not be '${key}'` : undefined
}

function readLiteral(literal: string): readonly [key: string, value: string] {
  const equals = literal.indexOf('=')
  if (equals < 1) throw new CommandError(`invalid literal source ${literal}, expected key=value`)
  return [literal.slice(0, equals), literal.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2')]
}

function filesOf(source: string, io: Io): readonly (readonly [key: string, text: string])[] {
  const equals = source.indexOf('=')
  if (source.indexOf('=', equals + 1) > equals && equals >= 0)
    throw new CommandError("key names or file paths cannot contain '='")
  const [key, path] = equals < 0 ? [undefined, source] : [source.slice(0, equals), source.slice(equals + 1)]
  if (key === '') throw new CommandError(`key name for file path ${path} missing`)
  if (equals >= 0 && path === '') throw new CommandError(`file path for key name ${key} missing`)
  const names = io.listFiles(path)
  if (names !== undefined) {
    if (key !== undefined) throw new CommandError(`cannot give a key name for a directory path`)
    const isFile = (name: string): boolean =>
      io.listFiles(`${path}/${name}`) === undefined && keyComplaint(name) === undefined
    return [...names]
      .sort()
      .filter(isFile)
      .map((name) => [name, io.readFile(`${path}/${name}`) ?? ''])
  }
  const text = io.readFile(path)
  if (text === undefined) throw new CommandError(`error reading ${path}: no such file or directory`)
  return [[key ?? path.slice(path.lastIndexOf('/') + 1), text]]
}

/** What an environment variable may be called. */
export const envName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/

/** The rule in Kubernetes' words. */
export const envNameShape = `a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`

function envLines(path: string, io: Io): readonly (readonly [key: string, value: string])[] {
  const text = io.readFile(path)
  if (text === undefined) throw new CommandError(`error reading ${path}: no such file or directory`)
  return text.split('\n').flatMap((raw): readonly (readonly [string, string])[] => {
    const line = raw.trimStart().replace(/\r$/, '')
    if (line === '' || line.startsWith('#')) return []
    const equals = line.indexOf('=')
    const key = equals < 0 ? line : line.slice(0, equals)
    if (!envName.test(key)) throw new CommandError(`${JSON.stringify(key)} is not a valid key name: ${envNameShape}`)
    return [[key, equals < 0 ? '' : line.slice(equals + 1)]]
  })
}
