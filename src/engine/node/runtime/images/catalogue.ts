import type { FileNode } from '../kernel/files.ts'
import type { About } from '../kernel/host.ts'
import type { Found } from '../kernel/programs.ts'
import type { ImageInfo } from '../runtime.ts'
import { madeUpDigest } from '../tools/numbers.ts'
import { addFiles, addPrograms, baseOf, type Base } from './bases.ts'
import { unwrapped, type BaseName, type Image } from './defineImage.ts'
import { findImage, wellKnownNames } from './index.ts'
import { isMisspelling, type Reference } from './reference.ts'
import { isOldBusybox } from './systems.ts'

/** An image of one tag, ready to run: everything worked out, shared by all its containers. */
export interface ImageBuild {
  readonly image: Image
  readonly base: Base
  readonly isBusyboxOld: boolean
  readonly files: ReadonlyMap<string, FileNode>
  readonly environment: Readonly<Record<string, string>>
  /** the same, for who asks for one of them */
  readonly variables: ReadonlyMap<string, string>
  /** what a container runs that says nothing of its own */
  readonly argv: readonly string[]
  readonly digest: string
  /** what a node's image store says of it */
  readonly info: ImageInfo
  /** whom its processes run as; a name stands for user 1000 */
  readonly user: About['user']
  /** where a command's name leads while nobody has changed the image's own files; worked out once per name */
  readonly commands: Map<string, Found>
}

/** Images by name: the catalogue's, and those that a lesson adds. */
export interface Catalogue {
  readonly find: (repository: string) => Image | undefined
  readonly build: (reference: Reference) => ImageBuild
  /** why a registry refuses it: gRPC code and text, or nothing */
  readonly refusal: (reference: Reference) => Refusal | undefined
}

/** A registry's no. */
export interface Refusal {
  readonly code: string
  readonly message: string
}

/** An image of which nothing is known but its name. */
const openImage: Image = Object.freeze({ names: [], tags: /./, sizeBytes: 0, base: 'debian', isOpen: true })

const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Makes a catalogue; `extra` images win over built-in ones of the same name. */
export function createCatalogue(extra: readonly Image[] = []): Catalogue {
  const own = new Map(extra.flatMap((image) => image.names.map((name) => [name, image] as const)))
  const builds = new Map<string, ImageBuild>()
  const refusals = new Map<string, Refusal | 'none'>()
  const find = (repository: string): Image | undefined => own.get(repository) ?? findImage(repository)

  return {
    find,
    build(reference) {
      let build = builds.get(reference.full)
      if (build === undefined) {
        build = buildImage(find(reference.repository) ?? openImage, reference)
        builds.set(reference.full, build)
      }
      return build
    },
    refusal(reference) {
      let refusal = refusals.get(reference.full)
      if (refusal === undefined) {
        refusal = refusalOf(reference, find(reference.repository)) ?? 'none'
        refusals.set(reference.full, refusal)
      }
      return refusal === 'none' ? undefined : refusal
    },
  }
}

function buildImage(image: Image, reference: Reference): ImageBuild {
  const tag = reference.tag ?? ''
  const isBusyboxOld = image.base === 'busyboxOld' || (image.base === 'busybox' && isOldBusybox(tag))
  const name: BaseName = image.alpineTags?.test(tag) ? 'alpine' : isBusyboxOld ? 'busyboxOld' : image.base
  const base = baseOf(name)
  const files = new Map(base.files)
  addFiles(files, typeof image.files === 'function' ? image.files(tag) : (image.files ?? {}))
  addPrograms(files, image.programs ?? {})
  if (image.workingDir && !files.has(image.workingDir))
    files.set(image.workingDir, Object.freeze({ kind: 'directory', mode: 0o755, at: 0 }))
  const given = typeof image.environment === 'function' ? image.environment(tag) : (image.environment ?? {})
  const environment = Object.freeze({ PATH: standardPath, ...given })
  const size = typeof image.sizeBytes === 'function' ? image.sizeBytes(tag) : image.sizeBytes
  const sizeBytes = size > 0 ? size : guessedSize(reference.repository)
  const digest = reference.digest ?? `sha256:${madeUpDigest(`${reference.repository}:${tag}`, 64)}`
  return Object.freeze({
    image,
    base,
    isBusyboxOld,
    files,
    environment,
    variables: new Map(Object.entries(environment)),
    argv: Object.freeze(unwrapped([...(image.entrypoint ?? []), ...(image.cmd ?? [])], image)),
    commands: new Map(),
    digest,
    info: Object.freeze({
      reference: reference.full,
      digest: `${reference.repository}@${digest}`,
      sizeBytes,
      user: image.user,
    }),
    user: userOf(image.user ?? '0'),
  })
}

function userOf(user: string): ImageBuild['user'] {
  const [name, group] = user.split(':') as [string, string | undefined]
  const isNumber = /^\d+$/.test(name)
  const uid = isNumber ? Number(name) : 1000
  return Object.freeze({
    uid,
    gid: group === undefined ? 0 : Number(group),
    name: uid === 0 ? 'root' : isNumber ? '' : name,
    groups: Object.freeze([]),
  })
}

/** Between 20 and 180 MB, always the same for a name. */
function guessedSize(repository: string): number {
  return 20_000_000 + (Number.parseInt(madeUpDigest(repository, 8), 16) % 160_000_000)
}

const sayAbsent =
  /(^|[-_./])(non-?exist(ing|ent)?|does-?not-?exist|doesnt-?exist|no-?such|not-?found|nope|bogus|invalid|missing|typo)([-_./]|$)/

function refusalOf(reference: Reference, image: Image | undefined): Refusal | undefined {
  const { repository, tag, full } = reference
  const name = tag === undefined ? full : `${repository}:${tag}`
  const [host, ...path] = repository.split('/') as [string, ...string[]]
  if (/^(mcr\.microsoft\.com\/windows|docker\.io\/microsoft\/|.*nanoserver|.*windowsservercore)/.test(name))
    return {
      code: 'NotFound',
      message: `failed to pull and unpack image "${name}": no match for platform in manifest: not found`,
    }
  if (host.endsWith('.invalid'))
    return unresolved(
      name,
      `failed to do request: Head "https://${host}/v2/${path.join('/')}/manifests/${tag ?? reference.digest ?? ''}": dial tcp: lookup ${host}: no such host`,
    )
  if (image) {
    if (tag === undefined || reference.digest !== undefined || image.tags.test(tag)) return undefined
    return { ...unresolved(name, `${name}: not found`), code: 'NotFound' }
  }
  if (host === 'dock.test') return { ...unresolved(name, `${name}: not found`), code: 'NotFound' }
  if (host !== 'docker.io')
    return sayAbsent.test(repository) ? { ...unresolved(name, `${name}: not found`), code: 'NotFound' } : undefined
  const short = path[0] === 'library' ? path[1]! : undefined
  const isSlip = short !== undefined && wellKnownNames.some((known) => isMisspelling(short, known))
  if (!isSlip && !sayAbsent.test(path.join('/'))) return undefined
  return unresolved(
    name,
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  )
}

function unresolved(name: string, why: string): Refusal {
  return {
    code: 'Unknown',
    message: `failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${why}`,
  }
}
