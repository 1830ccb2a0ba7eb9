const gapMs = 2000

/** What screen readers hear: at most one announcement in two seconds, the latest of those that waited. */
export class Announcer {
  polite = $state('')
  assertive = $state('')
  #waiting: { polite?: string; assertive?: string } = {}
  #timer: ReturnType<typeof setTimeout> | undefined

  say(text: string, isUrgent = false): void {
    this.#waiting[isUrgent ? 'assertive' : 'polite'] = text
    if (this.#timer === undefined) this.#speak()
  }

  #speak(): void {
    const { polite, assertive } = this.#waiting
    this.#waiting = {}
    this.#timer = undefined
    if (polite === undefined && assertive === undefined) return
    if (polite !== undefined) this.polite = polite
    if (assertive !== undefined) this.assertive = assertive
    this.#timer = setTimeout(() => this.#speak(), gapMs)
  }
}
