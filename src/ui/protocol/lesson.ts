/** A lesson as the guide shows it. */
export interface LessonView {
  readonly id: string
  readonly course: string
  /** from 1, in its course */
  readonly number: number
  /** how many lessons its course has */
  readonly of: number
  readonly title: string
  readonly minutes: number
  readonly steps: readonly StepView[]
  readonly step: number
  readonly isDone: boolean
  /** the texts are the catalogue's own; anybody else's HTML is sanitised before it is shown */
  readonly isTrusted?: boolean
}

export interface StepView {
  readonly id: string
  readonly title: string
  /** trusted HTML made at build time, or sanitised by the page */
  readonly html: string
  readonly predict?: {
    readonly question: string
    readonly answers: readonly string[]
    /** told once there is an answer */
    readonly right?: number
    readonly why?: string
    /** what the learner answered */
    readonly choice?: number
  }
  readonly hints: readonly string[]
  readonly hasSolution: boolean
  readonly clauses: readonly ClauseView[]
  readonly holdMs: number
  /** its goal was reached */
  readonly isDone?: boolean
  /** what there is to say about attempts that went astray */
  readonly says?: readonly string[]
}

/** One line of a goal, live. */
export interface ClauseView {
  readonly text: string
  readonly kind: 'goal' | 'never' | 'hold'
  readonly isMet: boolean
  readonly sees: string
  readonly wants: string
  /** 0…1, for the ring */
  readonly fraction: number
  /** a broken `never`: when, and the trace record that broke it */
  readonly brokenAt?: number
  readonly brokenSeq?: number
}

/** One lesson or scenario of the home page. */
export interface LessonCard {
  readonly id: string
  readonly course: string
  readonly title: string
  readonly minutes: number
  readonly summary: string
  /** why it cannot be opened; it is named, and the others are not harmed by it */
  readonly problem?: string
}
