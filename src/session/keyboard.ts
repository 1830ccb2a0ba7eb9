import type { Keyboard } from '#kubectl'

/** What is typed for one command, until it takes it. */
export interface Typed extends Keyboard {
  readonly add: (text: string, isEnd: boolean) => void
  /** whether the command has said that it reads what is typed */
  readonly reads: () => false | 'lines' | 'raw'
}

/** A keyboard before its first key. */
export function createKeyboard(): Typed {
  let claimed: false | 'lines' | 'raw' = false
  let waiting = ''
  let isOver = false
  return {
    claim: (isRaw) => void (claimed = isRaw ? 'raw' : 'lines'),
    take() {
      const taken = { text: waiting, isEnd: isOver }
      waiting = ''
      isOver = false
      return taken
    },
    add(text, isEnd) {
      waiting += text
      isOver ||= isEnd
    },
    reads: () => claimed,
  }
}
