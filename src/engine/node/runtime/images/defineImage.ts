/** What is known of an image: data only. How its programs behave is the tools' business (`../tools`, `../programs`). */
export interface Image {
  /** full repositories: `docker.io/library/nginx` */
  readonly names: readonly string[]
  /** the tags that exist, anchored; a digest always does */
  readonly tags: RegExp
  /** compressed bytes, as a pull reports them; by tag where that differs much */
  readonly sizeBytes: number | ((tag: string) => number)
  /** what system lies below its own files */
  readonly base: BaseName
  /** another system for tags of this form (`-alpine`) */
  readonly alpineTags?: RegExp
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly user?: string
  readonly workingDir?: string
  readonly environment?: Readonly<Record<string, string>> | ((tag: string) => Readonly<Record<string, string>>)
  /** an entry point script that runs its words; words that start with a dash go to `server` */
  readonly wrapper?: { readonly path: string; readonly server: string }
  /** executables beyond the base's: path → tool */
  readonly programs?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>> | ((tag: string) => Readonly<Record<string, string>>)
  readonly ports?: readonly number[]
  /** what asks it to stop, where not SIGTERM */
  readonly stopSignal?: string
  /** nothing is known of it: any command may exist in it, and none means a plain server */
  readonly isOpen?: boolean
}

/** The systems below images: `debian` with coreutils and bash, `alpine` and `busybox`, `minimal` with `sh cat echo`, `none` without a shell. */
export type BaseName = 'debian' | 'fedora' | 'alpine' | 'busybox' | 'busyboxOld' | 'minimal' | 'tool' | 'none'

/** Types a piece of the catalogue. */
export function defineImage(image: Image): Image {
  return Object.freeze(image)
}

/** Megabytes as registries count them. */
export function megabytes(count: number): number {
  return Math.round(count * 1_000_000)
}

/** Entry point scripts run the words they get; words that start with a dash are for their server. */
export function unwrapped(argv: readonly string[], { wrapper }: Image): readonly string[] {
  if (!wrapper || (argv[0] !== wrapper.path && argv[0] !== wrapper.path.slice(wrapper.path.lastIndexOf('/') + 1)))
    return argv
  const rest = argv.slice(1)
  return rest.length === 0 || rest[0]!.startsWith('-') ? [wrapper.server, ...rest] : rest
}
