/** A file, directory or link as immutable data. */
export type FileNode =
  | {
      readonly kind: 'file'
      readonly text: string
      readonly mode: number
      readonly at: number
      /** bytes, where the text does not say: contents nobody will read */
      readonly size?: number
      /** the tool that runs when it is executed */
      readonly program?: string
      /** the container that wrote it */
      readonly writer?: string
    }
  | { readonly kind: 'directory'; readonly mode: number; readonly at: number }
  | { readonly kind: 'link'; readonly target: string; readonly at: number }

/** What a kernel's processes see as files. Paths are absolute; links are followed. Errors are the system's own words. */
export interface Files {
  readonly find: (path: string) => FileNode | undefined
  /** the node itself, where it is a link */
  readonly findLink: (path: string) => FileNode | undefined
  readonly read: (path: string) => string | FileError
  readonly write: (path: string, text: string, append: boolean, options?: WriteOptions) => FileError | undefined
  readonly makeDirectory: (path: string) => FileError | undefined
  readonly makeLink: (path: string, target: string) => FileError | undefined
  /** removes a file, or a directory with all that is in it */
  readonly remove: (path: string) => FileError | undefined
  /** puts a node somewhere as it is: `mv`, `cp -p`, `chmod` */
  readonly place: (path: string, node: FileNode) => FileError | undefined
  readonly list: (path: string) => readonly string[] | undefined
}

export interface WriteOptions {
  readonly size?: number
  readonly mode?: number
  readonly program?: string
}

export interface FileError {
  readonly error: string
}

export const noSuchFile: FileError = Object.freeze({ error: 'No such file or directory' })

/** Where the files of one container come from. */
export interface FileView {
  /** the image's own files */
  readonly image: ReadonlyMap<string, FileNode>
  /** what the container changed: its writable layer; null hides a file of the image */
  readonly layer: Map<string, FileNode | null>
  /** deepest paths first */
  readonly mounts: readonly MountView[]
  /** `/bin` → `/usr/bin` */
  readonly links: readonly (readonly [string, string])[]
  /** files that are made when they are read: `/proc`, `/etc/hosts` */
  readonly synthetic: (path: string) => string | undefined
  readonly mayWrite: (path: string) => FileError | undefined
  readonly now: () => number
  readonly writer: string
  /** A file of shared storage changed. */
  readonly changed: (storage: string | undefined) => void
}

export interface MountView {
  readonly path: string
  /** '' or what of the volume is mounted */
  readonly subPath: string
  readonly isReadOnly: boolean
  readonly storage: string
  readonly files: Map<string, FileNode>
}

/** A path from another, without `.`, `..` and doubled slashes. */
export function resolvePath(cwd: string, path: string): string {
  const whole = path.startsWith('/') ? path : `${cwd}/${path}`
  if (!/\/\/|\/\.|\/$/.test(whole)) return whole
  const parts: string[] = []
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** The directory that a path lies in. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

const linksMax = 20
const root: FileNode = Object.freeze({ kind: 'directory', mode: 0o755, at: 0 })
const shared: FileNode = Object.freeze({ kind: 'directory', mode: 0o777, at: 0 })

/** The file system of one container: image, writable layer and mounts seen as one tree. */
export function createFiles(view: FileView): Files {
  function canonical(path: string): string {
    for (const [from, to] of view.links) {
      if (path === from) return to
      if (path.startsWith(from) && path[from.length] === '/') return to + path.slice(from.length)
    }
    return path
  }

  function mountOf(path: string): MountView | undefined {
    return view.mounts.find(
      (mount) => path === mount.path || (path.startsWith(mount.path) && path[mount.path.length] === '/'),
    )
  }

  function keyIn(mount: MountView, path: string): string {
    const rest = path.slice(mount.path.length + 1)
    return mount.subPath === '' ? rest : rest === '' ? mount.subPath : `${mount.subPath}/${rest}`
  }

  function inMount(mount: MountView, path: string): FileNode | undefined {
    const key = keyIn(mount, path)
    const node = mount.files.get(key)
    if (node || key === '') return node ?? shared
    for (const name of mount.files.keys()) if (name.startsWith(key) && name[key.length] === '/') return shared
    return path === mount.path ? shared : undefined
  }

  function at(path: string): FileNode | undefined {
    if (path === '/') return root
    const mount = mountOf(path)
    if (mount) {
      // A file of the host, mounted by itself: what the host has there is what everybody has there.
      const text = path === mount.path && mount.files.size === 0 ? view.synthetic(path) : undefined
      return text === undefined ? inMount(mount, path) : { kind: 'file', text, mode: 0o644, at: 0 }
    }
    const changed = view.layer.get(path)
    if (changed !== undefined) return changed ?? undefined
    const text = view.synthetic(path)
    if (text !== undefined) return { kind: 'file', text, mode: 0o644, at: 0 }
    const own = view.image.get(path)
    return own ?? (view.mounts.some((one) => one.path.startsWith(`${path}/`)) ? root : undefined)
  }

  /** Where a path leads: links are followed, at its end too if asked. */
  function real(path: string, followLast = true): string {
    let current = canonical(path)
    for (let count = 0; count < linksMax; count++) {
      const node = at(current)
      if (node?.kind === 'link' && followLast) current = canonical(resolvePath(parentOf(current), node.target))
      else if (node !== undefined || current === '/') return current
      else {
        const parent = parentOf(current)
        const there = real(parent)
        return there === parent
          ? current
          : `${there === '/' ? '' : there}${current.slice(parent === '/' ? 0 : parent.length)}`
      }
    }
    return current
  }

  function refusal(path: string): FileError | undefined {
    const mount = mountOf(path)
    if (mount) return mount.isReadOnly ? { error: 'Read-only file system' } : undefined
    return view.mayWrite(path)
  }

  function put(path: string, node: FileNode | null): void {
    const mount = mountOf(path)
    const value = node && Object.freeze(node)
    if (!mount) view.layer.set(path, value)
    else if (value) mount.files.set(keyIn(mount, path), value)
    else mount.files.delete(keyIn(mount, path))
    view.changed(mount?.storage)
  }

  function below(path: string): string[] {
    const found: string[] = []
    const prefix = path === '/' ? '/' : `${path}/`
    const mount = mountOf(path)
    if (mount) {
      const inside = keyIn(mount, path)
      for (const key of mount.files.keys())
        if (inside === '' || key.startsWith(`${inside}/`))
          found.push(prefix + key.slice(inside === '' ? 0 : inside.length + 1))
    } else {
      for (const key of view.image.keys()) if (key.startsWith(prefix) && view.layer.get(key) !== null) found.push(key)
      for (const [key, node] of view.layer)
        if (node !== null && key.startsWith(prefix) && !view.image.has(key)) found.push(key)
      for (const key of ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']) if (key.startsWith(prefix)) found.push(key)
      if (path === '/') for (const [from] of view.links) if (from.lastIndexOf('/') === 0) found.push(from)
    }
    for (const one of view.mounts) if (one.path.startsWith(prefix)) found.push(one.path)
    return found
  }

  const files: Files = {
    find: (path) => at(real(path)),
    findLink: (path) => at(real(path, false)),
    read(path) {
      const node = at(real(path))
      if (node === undefined) return noSuchFile
      return node.kind === 'file' ? node.text : { error: 'Is a directory' }
    },
    write(path, text, append, options) {
      const target = real(path)
      const old = at(target)
      if (old?.kind === 'directory') return { error: 'Is a directory' }
      if (old === undefined && at(real(parentOf(target)))?.kind !== 'directory') return noSuchFile
      const refused = refusal(target)
      if (refused) return refused
      const before = append && old?.kind === 'file' ? old : undefined
      const node: FileNode = {
        kind: 'file',
        text: before ? before.text + text : text,
        mode: options?.mode ?? (old?.kind === 'file' ? old.mode : 0o644),
        at: view.now(),
        writer: view.writer,
      }
      const size = options?.size ?? (before?.size === undefined ? undefined : before.size + text.length)
      const program = options?.program ?? (before ? before.program : undefined)
      put(target, { ...node, ...(size === undefined ? {} : { size }), ...(program === undefined ? {} : { program }) })
      return undefined
    },
    makeDirectory(path) {
      const target = real(path)
      if (at(target)) return { error: 'File exists' }
      if (at(real(parentOf(target)))?.kind !== 'directory') return noSuchFile
      const refused = refusal(target)
      if (refused) return refused
      put(target, { kind: 'directory', mode: 0o755, at: view.now() })
      return undefined
    },
    makeLink(path, target) {
      const place = real(path, false)
      if (at(place)) return { error: 'File exists' }
      const refused = refusal(place)
      if (refused) return refused
      put(place, { kind: 'link', target, at: view.now() })
      return undefined
    },
    remove(path) {
      const target = real(path, false)
      const node = at(target)
      if (node === undefined) return noSuchFile
      if (view.mounts.some((mount) => mount.path === target)) return { error: 'Device or resource busy' }
      const refused = refusal(target)
      if (refused) return refused
      if (node.kind === 'directory')
        for (const one of below(target)) if (!view.mounts.some((mount) => one === mount.path)) put(one, null)
      put(target, null)
      return undefined
    },
    place(path, node) {
      const target = real(path, false)
      if (at(real(parentOf(target)))?.kind !== 'directory') return noSuchFile
      const refused = refusal(target)
      if (refused) return refused
      put(target, node)
      return undefined
    },
    list(path) {
      const target = real(path)
      if (at(target)?.kind !== 'directory') return undefined
      const from = target === '/' ? 1 : target.length + 1
      const names = new Set<string>()
      for (const one of below(target)) names.add(one.slice(from).split('/')[0]!)
      names.delete('')
      return [...names].sort()
    },
  }
  return files
}
