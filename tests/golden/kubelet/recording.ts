/** One recording of the real kubelet, as `../shared/golden/kubelet/README.md` describes it. */
export interface Recording {
  readonly name: string
  readonly area: string
  readonly point: string
  readonly runs: number
  readonly runtime: {
    readonly containers?: readonly Behaviour[]
    readonly images?: Readonly<Record<string, ImageBehaviour>>
  }
  readonly steps: readonly Step[]
  readonly pods: Readonly<Record<string, readonly RecordedState[]>>
  readonly events: readonly RecordedEvent[]
  readonly gaps?: Readonly<Record<string, readonly (readonly number[])[]>>
  readonly problems?: readonly string[]
}

export interface Step {
  readonly at: readonly number[]
  readonly do?: 'create' | 'patch' | 'delete' | 'runtime' | 'node'
  readonly wait?: string
  readonly manifest?: object
  readonly pod?: string
  readonly options?: { readonly gracePeriodSeconds?: number }
  readonly kind?: string
  readonly name?: string
  readonly patch?: unknown
  readonly subresource?: string
  readonly behaviour?: Behaviour
  readonly what?: string
  readonly container?: string
  readonly code?: number
  readonly ready?: string
  readonly refused?: string
}

export interface Behaviour {
  readonly pod?: string
  readonly container?: string
  readonly exit?: readonly Exit[]
  readonly stop?: { readonly after?: number; readonly code?: number; readonly ignore?: boolean }
  readonly exec?: Readonly<Record<string, ExecBehaviour>>
  readonly ports?: Readonly<Record<string, PortBehaviour>>
  readonly sandboxErrors?: readonly string[]
  readonly resizeError?: string
}

export interface Exit {
  readonly code?: number
  readonly after?: number
  readonly reason?: string
  readonly message?: string
  readonly startError?: string
  readonly createError?: string
}

export interface ExecBehaviour {
  readonly codes?: readonly (readonly [number, number])[]
  readonly out?: string
  readonly stderr?: string
  readonly delay?: number
}

export interface PortBehaviour {
  readonly kind?: 'http' | 'tcp' | 'grpc'
  readonly after?: number
  readonly until?: number
  readonly paths?: Readonly<Record<string, readonly (readonly [number, number])[]>>
  readonly body?: string
  readonly redirect?: string
}

export interface ImageBehaviour {
  readonly present?: boolean
  readonly size?: number
  readonly seconds?: number
  readonly errors?: readonly string[]
  readonly uid?: number
  readonly user?: string
}

export type RecordedState = Readonly<Record<string, unknown>> & {
  readonly at?: readonly (number | null)[]
  readonly only?: number
  readonly gone?: boolean
}

export interface RecordedEvent {
  readonly object: string
  readonly fieldPath?: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly from: string
  readonly at: readonly (readonly number[] | null)[]
  readonly count?: readonly (number | null)[]
}
