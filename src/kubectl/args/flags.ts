/** One flag of a command: its type shows in the value's type. */
export interface Flag<T = unknown> {
  readonly type: 'string' | 'bool' | 'int' | 'duration' | 'strings' | 'list'
  readonly help: string
  readonly initial: T
  readonly short?: string
  /** the value of the bare `--flag` */
  readonly bare?: string
  readonly isRequired?: boolean
  readonly deprecated?: string
  readonly bits?: 32 | 64
}

export type Flags = Readonly<Record<string, Flag>>

/** The values of a command's flags by name. */
export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never }

type Extras = Partial<Pick<Flag, 'short' | 'bare' | 'isRequired' | 'deprecated' | 'bits'>>

/** `--name=text` */
export const text = (help: string, initial = '', extras: Extras = {}): Flag<string> => ({
  type: 'string',
  help,
  initial,
  ...extras,
})

/** `--name` or `--name=false` */
export const bool = (help: string, initial = false, extras: Extras = {}): Flag<boolean> => ({
  type: 'bool',
  help,
  initial,
  bare: 'true',
  ...extras,
})

/** `--name=3` */
export const int = (help: string, initial: number, extras: Extras = {}): Flag<number> => ({
  type: 'int',
  help,
  initial,
  bits: 64,
  ...extras,
})

/** `--name=30s`, in milliseconds */
export const duration = (help: string, initialMs: number, extras: Extras = {}): Flag<number> => ({
  type: 'duration',
  help,
  initial: initialMs,
  ...extras,
})

/** `--name=a,b --name=c` */
export const strings = (help: string, extras: Extras = {}): Flag<readonly string[]> => ({
  type: 'strings',
  help,
  initial: [],
  ...extras,
})

/** `--name='a,b' --name=c`: commas stay */
export const list = (help: string, extras: Extras = {}): Flag<readonly string[]> => ({
  type: 'list',
  help,
  initial: [],
  ...extras,
})
