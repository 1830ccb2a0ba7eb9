import { PixelRatio } from 'monaco-editor/base/browser/pixelRatio'
import { FontMeasurements } from 'monaco-editor/editor/browser/config/fontMeasurements'
import { createBareFontInfoFromRawSettings } from 'monaco-editor/editor/common/config/fontInfoFromSettings'
import { StandaloneServices } from 'monaco-editor/editor/standalone/browser/standaloneServices'
import { IStandaloneThemeService } from 'monaco-editor/editor/standalone/common/standaloneTheme'
import { IContextViewService } from 'monaco-editor/platform/contextview/browser/contextView'
import type { Problem } from '../../protocol.ts'
import { commandOf } from '../../keyboard.ts'
import { kindsOf } from '../kinds.ts'
import { isBlankDocument } from '../problems.ts'
import { schemaOfText } from '../schemas.ts'
import type { SchemaFinder } from '../schemas.ts'
import { dress, monaco, setSchemas } from './setup.ts'

/** What an editor tells of. */
export interface CodeHost {
  onText(text: string): void
  /** what the language worker finds wrong */
  onProblems(problems: readonly Problem[]): void
  onApply(): void
  readonly findSchema: SchemaFinder
}

/** Monaco on an element, showing one file at a time; each keeps its own undo history and place. */
export interface Code {
  /** draws a text of one line: the first real one then finds everything awake */
  warmUp(): void
  /** shows a file with this text; another text of the one that is shown replaces what is there, in a way that can be undone */
  open(id: string, text: string): void
  /** files that are no longer open */
  forget(ids: readonly string[]): void
  setServerProblems(problems: readonly Problem[]): void
  /** shows the text against what runs; undefined: shows the text alone */
  compare(live: string | undefined): void
  goTo(line: number, column: number): void
  dress(isDark: boolean): void
  focus(): void
  dispose(): void
}

const common = {
  automaticLayout: true,
  minimap: { enabled: false },
  fontSize: 12,
  lineHeight: 19,
  fontLigatures: false,
  scrollBeyondLastLine: false,
  renderLineHighlight: 'line',
  overviewRulerLanes: 0,
  padding: { top: 6, bottom: 6 },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  fixedOverflowWidgets: true,
  contextmenu: true,
  unicodeHighlight: { ambiguousCharacters: false },
  stickyScroll: { enabled: false },
  bracketPairColorization: { enabled: false }, // YAML has few brackets, and counting them takes time
} as const

const schemaPauseMs = 250

/** What an editor needs before it is made, in steps that each take a part of a frame. */
export const warmUps: readonly ((element: HTMLElement, id: string, text: string) => void)[] = [
  (_, id, text) => {
    const uri = uriOf(id)
    if (!monaco.editor.getModel(uri)) monaco.editor.createModel(text, 'yaml', uri)
  },
  (element) => {
    StandaloneServices.get(IStandaloneThemeService).registerEditorContainer(element)
    StandaloneServices.get(IContextViewService)
  },
  (element) => void element.clientWidth,
  (element) => {
    const { value } = PixelRatio.getInstance(window)
    FontMeasurements.readFontInfo(window, createBareFontInfoFromRawSettings(optionsOf(element), value))
  },
]

function optionsOf(element: HTMLElement) {
  return { ...common, fontFamily: getComputedStyle(element).getPropertyValue('--font-mono').trim() }
}

const uriOf = (id: string) => monaco.Uri.parse(`file:///manifests/${encodeURIComponent(id)}.yaml`)

/** Makes an editor on an element that wears `dress`. */
export function createCode(element: HTMLElement, host: CodeHost): Code {
  const options = optionsOf(element)
  // A pane contains what is fixed in it, and Monaco reckons with the whole page: what floats is put there.
  const floats = document.createElement('div')
  floats.className = 'monaco-editor'
  document.body.append(floats)
  const editor = monaco.editor.create(element, {
    ...options,
    overflowWidgetsDomNode: floats,
    model: null,
    theme: 'drydock',
    tabSize: 2,
    insertSpaces: true,
    detectIndentation: false,
    lineNumbersMinChars: 3,
    folding: true,
    quickSuggestions: { other: true, strings: true, comments: false },
    suggest: { showWords: false, showStatusBar: false },
    wordBasedSuggestions: 'off',
    ariaLabel: 'Manifest. Control M switches whether Tab indents or leaves.',
  })
  const models = new Map<string, monaco.editor.ITextModel>()
  const places = new Map<string, monaco.editor.ICodeEditorViewState>()
  let blank: monaco.editor.ITextModel | undefined
  let current = ''
  let difference:
    | { editor: monaco.editor.IStandaloneDiffEditor; element: HTMLElement; original: monaco.editor.ITextModel }
    | undefined
  let schemaTimer: ReturnType<typeof setTimeout> | undefined
  let knownKinds = ''
  let isDisposed = false

  function modelOf(id: string, text: string): monaco.editor.ITextModel {
    const known = models.get(id)
    if (known) return known
    const uri = uriOf(id)
    const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(text, 'yaml', uri)
    if (model.getValue() !== text) model.setValue(text)
    model.onDidChangeContent(() => {
      if (id === current) host.onText(model.getValue())
      noteKinds()
    })
    models.set(id, model)
    return model
  }

  /** New schemas start the worker anew, so only when a document became another kind. */
  function noteKinds(): void {
    clearTimeout(schemaTimer)
    schemaTimer = setTimeout(() => void updateSchemas(), schemaPauseMs)
  }

  async function updateSchemas(): Promise<void> {
    const files = [...models].map(([id, model]) => ({ uri: uriOf(id).toString(), kinds: kindsOf(model.getValue()) }))
    const print = JSON.stringify(files)
    if (print === knownKinds || isDisposed) return
    knownKinds = print
    const schemas = await Promise.all(
      files.map(async ({ uri, kinds }) => ({ uri, schema: await schemaOfText(kinds, host.findSchema) })),
    )
    if (!isDisposed) setSchemas(schemas)
  }

  const markers = monaco.editor.onDidChangeMarkers((changed) => {
    const model = models.get(current)
    if (!model || !changed.some((uri) => uri.toString() === model.uri.toString())) return
    host.onProblems(problemsIn(model))
  })

  const isMac = navigator.platform.startsWith('Mac')
  /** Where what is suggested is typed already, Enter means the next line. */
  function breakAtTyped(): boolean {
    const label = document.querySelector('.suggest-widget.visible .monaco-list-row.focused .label-name')?.textContent
    const place = editor.getPosition()
    const model = editor.getModel()
    if (!label || !place || !model) return false
    const before = model.getLineContent(place.lineNumber).slice(0, place.column - 1)
    const isTyped = before.endsWith(label) && /[:-]\s+$/.test(before.slice(0, -label.length))
    if (!isTyped) return false
    editor.trigger('drydock', 'hideSuggestWidget', {})
    editor.trigger('keyboard', 'type', { text: '\n' })
    return true
  }

  const onKey = (event: KeyboardEvent) => {
    const isChord = isMac ? event.metaKey : event.ctrlKey
    const isBare = event.key === 'Enter' && !isChord && !event.shiftKey && !event.altKey
    if (isBare && !breakAtTyped()) return
    if (isBare) event.preventDefault()
    else if (isChord && !event.altKey && (event.key === 'Enter' || event.key.toLowerCase() === 's')) host.onApply()
    // Monaco keeps what it knows; these belong to the page.
    else if (event.key !== 'Escape' && commandOf(event, { isTyping: true, isPrefixed: false, isMac }))
      window.dispatchEvent(new KeyboardEvent(event.type, event))
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  element.addEventListener('keydown', onKey, true)

  function replace(text: string): void {
    const model = models.get(current)
    if (!model || model.getValue() === text) return
    editor.pushUndoStop()
    editor.executeEdits('drydock', [{ range: model.getFullModelRange(), text, forceMoveMarkers: true }])
    editor.pushUndoStop()
  }

  function compare(live: string | undefined): void {
    if (difference) {
      difference.editor.dispose()
      difference.original.dispose()
      difference.element.remove()
      difference = undefined
    }
    if (live === undefined) return
    const model = models.get(current)
    if (!model) return
    const place = document.createElement('div')
    place.style.cssText = 'position:absolute;inset:0;z-index:2'
    element.append(place)
    const original = monaco.editor.createModel(live, 'yaml')
    const made = monaco.editor.createDiffEditor(place, {
      ...options,
      readOnly: false,
      originalEditable: false,
      renderSideBySide: element.clientWidth > 760,
      renderOverviewRuler: false,
      hideUnchangedRegions: { enabled: true },
      ignoreTrimWhitespace: false,
      originalAriaLabel: 'What runs',
      modifiedAriaLabel: 'Manifest',
    })
    made.setModel({ original, modified: model })
    difference = { editor: made, element: place, original }
  }

  return {
    warmUp() {
      blank = monaco.editor.createModel('kind: Pod', 'yaml')
      editor.setModel(blank)
    },
    open(id, text) {
      if (id === current) return replace(text)
      compare(undefined)
      const state = editor.saveViewState()
      if (current && state) places.set(current, state)
      current = id
      const model = modelOf(id, text)
      if (model.getValue() !== text) model.setValue(text) // the terminal wrote it while another was in front
      editor.setModel(model)
      blank?.dispose()
      blank = undefined
      const place = places.get(id)
      if (place) editor.restoreViewState(place)
      host.onProblems(problemsIn(model))
      noteKinds()
    },
    forget(ids) {
      for (const id of ids) {
        if (id === current) {
          editor.setModel(null)
          current = ''
        }
        models.get(id)?.dispose()
        models.delete(id)
        places.delete(id)
      }
    },
    setServerProblems(problems) {
      const model = models.get(current)
      if (model)
        monaco.editor.setModelMarkers(
          model,
          'server',
          problems.map((problem) => markerOf(model, problem)),
        )
    },
    compare,
    goTo(line, column) {
      editor.setPosition({ lineNumber: line, column })
      editor.revealLineInCenterIfOutsideViewport(line)
      editor.focus()
    },
    dress: (dark) => dress(element, dark),
    focus: () => editor.focus(),
    dispose() {
      isDisposed = true
      clearTimeout(schemaTimer)
      element.removeEventListener('keydown', onKey, true)
      compare(undefined)
      markers.dispose()
      editor.dispose()
      floats.remove()
      blank?.dispose()
      for (const model of models.values()) model.dispose()
    },
  }
}

/** What is found wrong while typing. A document without content is none: kubectl passes over it. */
function problemsIn(model: monaco.editor.ITextModel): readonly Problem[] {
  return monaco.editor
    .getModelMarkers({ resource: model.uri })
    .filter(({ owner, message, startLineNumber }) => {
      if (owner === 'server') return false
      return !(message.startsWith('Incorrect type') && isBlankDocument(model.getLinesContent(), startLineNumber))
    })
    .map(problemOf)
}

function problemOf(marker: monaco.editor.IMarker): Problem {
  const { Error, Warning } = monaco.MarkerSeverity
  return {
    line: marker.startLineNumber,
    column: marker.startColumn,
    endColumn: marker.endColumn,
    severity: marker.severity === Error ? 'error' : marker.severity === Warning ? 'warning' : 'info',
    message: marker.message,
    ...(marker.source === 'YAML' && { isSyntax: true }),
  }
}

function markerOf(model: monaco.editor.ITextModel, problem: Problem): monaco.editor.IMarkerData {
  const line = Math.max(1, Math.min(model.getLineCount(), problem.line))
  const first = model.getLineFirstNonWhitespaceColumn(line) || 1
  const last = model.getLineMaxColumn(line)
  const severities = {
    error: monaco.MarkerSeverity.Error,
    warning: monaco.MarkerSeverity.Warning,
    info: monaco.MarkerSeverity.Info,
  }
  return {
    startLineNumber: line,
    endLineNumber: line,
    startColumn: Math.max(first, Math.min(problem.column, last)),
    endColumn: Math.min(Math.max(problem.endColumn, problem.column + 1), last),
    severity: severities[problem.severity],
    message: problem.message,
    source: problem.severity === 'info' ? 'Drydock' : 'API server',
  }
}
