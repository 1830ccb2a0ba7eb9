import { mainTerminal } from '../../terminals.ts'
import { titleOf } from './shellText.ts'

/** One tab of the terminal. */
export interface ShellTab {
  readonly id: string
  readonly title: string
  /** the command that runs in it */
  readonly command?: string
}

/** The tab that is always there: other parts of the page type into it. */
export const firstTab: ShellTab = { id: mainTerminal, title: 'Terminal' }

/** One more tab; numbers are not used twice while their tab is open. */
export function withTab(tabs: readonly ShellTab[]): { tabs: readonly ShellTab[]; id: string } {
  let number = 2
  while (tabs.some(({ id }) => id === `shell-${number}`)) number += 1
  const id = `shell-${number}`
  return { tabs: [...tabs, { id, title: `Shell ${number}` }], id }
}

/** What a tab is called: by what it follows, else by its own name. */
export function shownTitle({ title, command }: ShellTab): string {
  return (command && titleOf(command)) ?? title
}

/** Where the page may type a command: the tab in front if it waits at its prompt, else any that does. */
export function idleTab(tabs: readonly ShellTab[], front: string): string | undefined {
  const isIdle = (tab: ShellTab) => tab.command === undefined
  return (tabs.find((tab) => tab.id === front && isIdle(tab)) ?? tabs.find(isIdle))?.id
}

/** Keys that a touch screen's keyboard lacks: what is shown, and what is sent. */
export const touchKeys: readonly { readonly label: string; readonly name: string; readonly data: string }[] = [
  { label: 'Tab', name: 'Tab, completes', data: '\t' },
  { label: '⏎', name: 'Enter, runs the command', data: '\r' },
  { label: '↑', name: 'Up, the command before', data: '\x1b[A' },
  { label: 'kubectl', name: 'kubectl', data: 'kubectl ' },
  { label: 'get', name: 'get', data: 'get ' },
  { label: 'pods', name: 'pods', data: 'pods ' },
  { label: 'describe', name: 'describe', data: 'describe ' },
  { label: '-', name: 'dash', data: '-' },
  { label: '|', name: 'pipe', data: '|' },
  { label: '/', name: 'slash', data: '/' },
  { label: '↓', name: 'Down, the command after', data: '\x1b[B' },
  { label: '←', name: 'Left', data: '\x1b[D' },
  { label: '→', name: 'Right', data: '\x1b[C' },
  { label: 'Ctrl-C', name: 'Control C, stops', data: '\x03' },
  { label: 'Ctrl-L', name: 'Control L, clears', data: '\x0c' },
  { label: 'Ctrl-D', name: 'Control D, ends what is typed', data: '\x04' },
]
