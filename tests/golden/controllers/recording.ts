/** One recorded scenario: see the README of the recordings. */
export interface Recording {
  readonly name: string
  readonly area: string
  readonly flags: Readonly<Record<string, readonly string[]>>
  readonly gap: number
  readonly steps: readonly Step[]
  readonly timeline: Readonly<Record<string, StateList>>
  readonly events: Readonly<Record<string, EventList>>
  readonly final: Readonly<Record<string, unknown>>
}

export type Order = 'any' | 'subset' | undefined

export interface StateList {
  readonly order?: Order
  readonly states: readonly unknown[]
}

export interface EventList {
  readonly order?: Order
  readonly list: readonly EventEntry[]
}

export interface EventEntry {
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly from: string
  readonly action?: string
  readonly count?: number | readonly number[]
  readonly objects?: number | readonly number[]
}

export interface Step {
  readonly do?: string
  readonly wait?: string
  readonly at?: number
  readonly manifest?: Manifest
  readonly kind?: string
  readonly name?: string
  readonly namespace?: string
  readonly type?: 'merge' | 'strategic' | 'json'
  readonly patch?: unknown
  readonly subresource?: string
  readonly options?: object
  readonly refused?: { readonly code: number; readonly message: string }
  /** of a raw request */
  readonly method?: string
  readonly path?: string
  readonly body?: unknown
  readonly pod?: string
  readonly node?: string
  readonly report?: string
  readonly code?: number
  /** what an eviction was answered */
  readonly answer?: unknown
  readonly count?: number
  /** of minute marks */
  readonly number?: number
  /** what the metrics API answers from then on, in words, and over which time */
  readonly usage?: string
  readonly window?: string
  readonly where?: Readonly<Record<string, unknown>>
  readonly labels?: Readonly<Record<string, string>>
  readonly equals?: number
  readonly seconds?: number
}

export interface Manifest {
  readonly kind: string
  readonly apiVersion?: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}
