import { CommandError, gather, knownOrThrow, throwAll } from '../errors.ts'
import type { Io } from '../context.ts'
import { addOns } from '../engine.ts'
import { decodeYaml } from './decodeYaml.ts'

/** One document of a manifest, read but not yet understood. */
export interface ManifestDocument {
  /** the file's path, or STDIN: how errors name it */
  readonly source: string
  readonly value: unknown
}

/** A file's documents, and the error that ended the reading of it, if one did. */
export interface Reading {
  readonly documents: readonly ManifestDocument[]
  readonly error?: Error
}

interface Paths {
  readonly filename: readonly string[]
  readonly recursive: boolean
}

/** Reads what `-f` names, in order. A file that is not there ends the command; one that cannot be read leaves its error. */
export function readFiles({ filename, recursive }: Paths, io: Io): readonly Reading[] {
  const sources: Source[] = []
  throwAll(gather(filename, (path) => void sources.push(...sourcesOf(path, recursive, io))))
  return sources.map(({ source, text }) => readDocuments(source, text))
}

interface Source {
  readonly source: string
  readonly text: string
}

function sourcesOf(path: string, recursive: boolean, io: Io): readonly Source[] {
  if (path === '-') return [{ source: 'STDIN', text: io.stdin ?? '' }]
  if (/^https?:\/\//.test(path)) return [{ source: path, text: publishedAt(path) }]
  const names = io.listFiles(path)
  if (names !== undefined) return folderSources(path, names, recursive, io)
  const text = io.readFile(path)
  if (text === undefined) throw new CommandError(`the path "${path}" does not exist`)
  return [{ source: path, text }]
}

/** The manifest of an add-on at its well-known address; there is no network to any other. */
function publishedAt(url: string): string {
  const addOn = addOns.find((each) => each.publishedAt?.test(url))
  if (addOn === undefined)
    throw new CommandError(`Unable to connect to the server: dial tcp: lookup ${hostOf(url)}: no such host`)
  return addOn.objects.map((object) => JSON.stringify(object)).join('\n---\n')
}

const hostOf = (url: string): string => url.replace(/^https?:\/\//, '').replace(/[/:].*$/s, '')

function folderSources(path: string, names: readonly string[], recursive: boolean, io: Io): readonly Source[] {
  const found = filesIn(path.replace(/\/+$/, ''), names, recursive, io)
  if (found.length === 0)
    throw new CommandError(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`)
  return found
}

function filesIn(folder: string, names: readonly string[], recursive: boolean, io: Io): readonly Source[] {
  return [...names].sort().flatMap((name) => {
    const path = `${folder}/${name}`
    const inner = io.listFiles(path)
    if (inner !== undefined) return recursive ? filesIn(path, inner, recursive, io) : []
    return /\.(json|ya?ml)$/.test(name) ? [{ source: path, text: io.readFile(path) ?? '' }] : []
  })
}

/** Splits a text at its `---` lines and reads each part. */
export function readDocuments(source: string, text: string): Reading {
  const documents: ManifestDocument[] = []
  for (const part of splitDocuments(text).flatMap(splitJson)) {
    try {
      const value = decodeYaml(part)
      if (value !== null) documents.push({ source, value })
    } catch (error) {
      const reason = knownOrThrow(error).message
      return { documents, error: new CommandError(`error parsing ${source}: error converting YAML to JSON: ${reason}`) }
    }
  }
  return { documents }
}

// upstream: apimachinery/pkg/util/yaml/decoder.go: a line that begins with --- separates, whatever else stands on it
function splitDocuments(text: string): readonly string[] {
  return text.split(/^---.*\n?/m).filter((part) => part.trim() !== '')
}

/** The objects of a stream of JSON, which need nothing between them. */
function splitJson(text: string): readonly string[] {
  if (!text.trimStart().startsWith('{')) return [text]
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (const { 0: token, index } of text.matchAll(/"(?:\\.|[^"\\])*"|[{}]/g)) {
    if (token === '{') depth++
    if (token !== '}' || --depth !== 0) continue
    parts.push(text.slice(start, index + 1))
    start = index + 1
  }
  const rest = text.slice(start)
  if (depth !== 0 || parts.length === 0 || (rest.trim() !== '' && !rest.trim().startsWith('{'))) return [text]
  return rest.trim() === '' ? parts : [...parts, rest]
}
