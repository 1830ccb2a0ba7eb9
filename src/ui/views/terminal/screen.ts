import { FitAddon } from '@xterm/addon-fit'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { Terminal } from '@xterm/xterm'
import type { ILink, ITheme } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { nextTask, painted } from '../../breath.ts'

/** A word on the screen that leads somewhere on the page. */
export interface WordLink {
  readonly open: () => void
  readonly hint: string
}

export interface ScreenOptions {
  readonly label: string
  onData(data: string): void
  onResize(): void
  /** what a word leads to; undefined where to nothing */
  linkOf(word: string): WordLink | undefined
  /** whether a key is the page's and not the terminal's */
  isPageKey(event: KeyboardEvent): boolean
}

/** A terminal emulator on an element, dressed in the page's tokens. */
export interface Screen {
  readonly terminal: Terminal
  fit(): void
  focus(): void
  /** takes the tokens anew, after the theme changed */
  dress(): void
  dispose(): void
}

/** Opens a terminal emulator on an element, in tasks of their own. What is written before it is drawn is kept. */
export function openScreen(element: HTMLElement, options: ScreenOptions): Screen {
  const { font, theme } = dressOf(element)
  const terminal = new Terminal({
    ...font,
    theme,
    convertEol: true,
    minimumContrastRatio: 4.5,
    scrollback: 5000,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    cursorInactiveStyle: 'outline',
    macOptionIsMeta: true,
    rightClickSelectsWord: true,
    allowProposedApi: false,
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(new WebLinksAddon())
  terminal.write('\x1b[?2004h') // pasted text is told from typed text
  terminal.attachCustomKeyEventHandler((event) => isForTerminal(terminal, event, options.isPageKey))
  terminal.registerLinkProvider({
    provideLinks: (row, tell) => tell(linksOf(terminal, row, options.linkOf)),
  })
  terminal.onData((data) => options.onData(data))
  terminal.onResize(() => options.onResize())
  const fitNow = () => {
    if (element.offsetParent !== null && element.clientHeight > 20) fit.fit()
  }
  const observer = new ResizeObserver(fitNow)
  let isGone = false
  async function open(): Promise<void> {
    await nextTask()
    if (isGone) return
    terminal.open(element)
    terminal.textarea?.setAttribute('aria-label', options.label)
    observer.observe(element)
    await painted()
    if (!isGone) terminal.options.screenReaderMode = true // measures every row: after they have their number
  }
  const opened = open()
  return {
    terminal,
    fit: fitNow,
    focus: () => void opened.then(() => terminal.focus()),
    dress: () => {
      terminal.options.theme = dressOf(element).theme
    },
    dispose: () => {
      isGone = true
      observer.disconnect()
      terminal.dispose()
    },
  }
}

/** Ctrl-C copies where something is selected; Ctrl-V is left to the browser, which pastes. */
function isForTerminal(terminal: Terminal, event: KeyboardEvent, isPageKey: (event: KeyboardEvent) => boolean) {
  if (isPageKey(event)) return false
  if (event.type !== 'keydown') return true
  const isCopy =
    event.code === 'KeyC' && (event.ctrlKey || event.metaKey) && (event.shiftKey || terminal.hasSelection())
  if (isCopy && terminal.hasSelection()) {
    void navigator.clipboard?.writeText(terminal.getSelection()).catch(() => undefined)
    terminal.clearSelection()
    event.preventDefault()
    return false
  }
  return !(event.code === 'KeyV' && (event.ctrlKey || event.metaKey))
}

function linksOf(terminal: Terminal, row: number, linkOf: ScreenOptions['linkOf']): ILink[] {
  const text = terminal.buffer.active.getLine(row - 1)?.translateToString(true) ?? ''
  return [...text.matchAll(/[a-z0-9][a-z0-9.-]{2,}/g)].flatMap((match) => {
    const link = linkOf(match[0])
    if (!link) return []
    const range = { start: { x: match.index + 1, y: row }, end: { x: match.index + match[0].length, y: row } }
    return [{ text: match[0], range, activate: link.open }]
  })
}

function dressOf(element: HTMLElement): {
  theme: ITheme
  font: { fontFamily: string; fontSize: number; lineHeight: number }
} {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  const ink = token('--term-ink')
  return {
    font: { fontFamily: token('--font-mono'), fontSize: 12, lineHeight: 1.2 },
    theme: {
      background: token('--term-bg'),
      foreground: ink,
      cursor: token('--term-prompt'),
      cursorAccent: token('--term-bg'),
      selectionBackground: `${token('--accent')}40`,
      black: ink,
      red: token('--fault-ink'),
      green: token('--ph-ready-ink'),
      yellow: token('--ph-notready-ink'),
      blue: token('--ph-creating-ink'),
      magenta: token('--ph-imagepull-ink'),
      cyan: token('--term-prompt'),
      white: ink,
      brightBlack: token('--ink-3'),
      brightRed: token('--ph-error-ink'),
      brightGreen: token('--ph-ready'),
      brightYellow: token('--ph-notready'),
      brightBlue: token('--ph-creating'),
      brightMagenta: token('--ph-terminating-ink'),
      brightCyan: token('--accent-ink'),
      brightWhite: token('--ink'),
    },
  }
}
