/** Something broken, or mended, on purpose. */
export type Fault =
  | { readonly kind: 'nodePower' | 'nodeNetwork'; readonly node: string; readonly on: boolean }
  | { readonly kind: 'component'; readonly name: string; readonly on: boolean }
  | { readonly kind: 'process'; readonly pod: string; readonly container?: string; readonly do: 'kill' | 'hang' }
  | {
      readonly kind: 'probe'
      readonly pod: string
      readonly probe: 'readiness' | 'liveness' | 'startup'
      readonly ok: boolean
    }
  | { readonly kind: 'load'; readonly name: string; readonly url: string; readonly rps: number }
  | { readonly kind: 'registry'; readonly on: boolean }
