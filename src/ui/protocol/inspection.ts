import type { ProbeView } from '#engine'
import type { NodeRow, PodRow } from './rows.ts'

/** One thing selected: the Inspector's subject. */
export interface Selection {
  readonly kind: string
  /** empty where the kind has none */
  readonly namespace: string
  readonly name: string
}

export interface Inspection {
  readonly selection: Selection
  readonly isGone: boolean
  readonly yaml: string
  readonly describe: string
  readonly facts: readonly { readonly label: string; readonly value: string; readonly link?: Selection }[]
  /** why it is as it is, in sentences: a node's readiness, a pod's leaving */
  readonly standing?: readonly string[]
  readonly why?: WhyView
  /** of a pod: its probes as the kubelet keeps them */
  readonly probes?: readonly ProbeRow[]
  /** what of it is stored and not simulated */
  readonly notSimulated?: readonly { readonly path: string; readonly text: string }[]
}

/** One probe of a pod, in the Inspector. */
export interface ProbeRow extends ProbeView {
  /** how many equal answers in a row turn it */
  readonly successThreshold: number
  readonly failureThreshold: number
}

/** What might be: how the pods and the nodes' loads would differ, some time after something that was only tried. */
export interface GhostView {
  /** what it is a ghost of, in a person's words: `Apply web.yaml` */
  readonly title: string
  readonly isOk: boolean
  /** what kubectl would say */
  readonly lines: readonly string[]
  readonly afterMs: number
  readonly born: readonly PodRow[]
  readonly gone: readonly string[]
  /** pods that are there now and would be elsewhere, or in another state */
  readonly changed: readonly PodRow[]
  /** nodes whose requests would differ, or that would be new */
  readonly nodes: readonly NodeRow[]
  /** the same as sentences, for whoever listens */
  readonly sentences: readonly string[]
}

/** What is to be tried in a ghost. */
export type GhostTrial =
  { readonly manifest: string; readonly name: string } | { readonly pod: string; readonly remedy: number }

/** A change that would place a pod, found by asking the scheduler's own plugins. */
export interface RemedyView {
  readonly sentence: string
  readonly node: string
  /** what it would be typed as */
  readonly commands: readonly string[]
}

/** One plugin's score of one node: as the plugin counts, between 0 and 100, and times its weight. */
export interface ScoreView {
  readonly plugin: string
  /** weighted: what goes into the total */
  readonly score: number
  readonly raw?: number
  readonly normalized?: number
  readonly weight?: number
}

/** The scheduler's last decision about a pod. */
export interface WhyView {
  readonly sentence: string
  readonly message: string
  readonly node: string
  readonly rows: readonly {
    readonly node: string
    readonly filters: readonly { readonly plugin: string; readonly message: string }[]
    readonly scores: readonly ScoreView[]
    readonly total?: number
    /** how many of `order` it passed */
    readonly passed?: number
  }[]
  /** the filters in the order in which each node met them */
  readonly order?: readonly string[]
  /** smallest first */
  readonly remedies?: readonly RemedyView[]
  /** the nodes that share the highest total, where there are several */
  readonly tied?: readonly string[]
  /** how one of several equal nodes was taken */
  readonly draw?: string
  /** the whole answer as `drydock why` prints it */
  readonly text?: string
}

/** The chain of causes of a record, itself first, back to a person's action; each as one sentence. */
export interface CauseRow {
  readonly seq: number
  readonly at: number
  readonly actor: string
  readonly object: string
  readonly sentence: string
}
