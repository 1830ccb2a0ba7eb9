import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import { configureMonacoYaml } from 'monaco-yaml'
import type { MonacoYaml, SchemasSettings } from 'monaco-yaml'
import type { Schema } from '../schemas.ts'
import { monaco } from './slim.ts'

/** The schema of one open file. */
export interface FileSchema {
  readonly uri: string
  readonly schema: Schema
}

let configured: MonacoYaml | undefined

const yamlWorker = () => new Worker(new URL('./yaml.worker.ts', import.meta.url), { type: 'module', name: 'yaml' })

self.MonacoEnvironment = {
  getWorker: (_, label) => (label === 'yaml' ? yamlWorker() : new EditorWorker()),
}

/** Tells the language worker what the open files are to be checked against. */
export function setSchemas(files: readonly FileSchema[]): void {
  const schemas = files.map(({ uri, schema }, index): SchemasSettings => ({
    uri: `inmemory://schema/${index}.json`,
    fileMatch: [uri],
    schema: schema as NonNullable<SchemasSettings['schema']>,
  }))
  if (configured) void configured.update({ schemas })
  else configured = configureMonacoYaml(bridged, { ...settings, schemas })
}

const settings = {
  enableSchemaRequest: false,
  validate: true,
  hover: true,
  completion: true,
  format: { enable: false }, // our own keeps documents and comments as kubectl people write them
  hoverAnchor: false,
} as const

interface WorkerOptions {
  readonly createData: unknown
  readonly host?: Record<string, (...given: unknown[]) => unknown>
  readonly keepIdleModels?: boolean
}

/** monaco-yaml asks for workers as Monaco had them before 0.53; since then the caller makes the worker and starts it. */
const bridged = {
  ...monaco,
  languages: {
    ...monaco.languages,
    registerHoverProvider: (language: monaco.languages.LanguageSelector, provider: monaco.languages.HoverProvider) =>
      monaco.languages.registerHoverProvider(language, {
        provideHover: async (...given) => withoutSource(await provider.provideHover(...given)),
      }),
  },
  editor: {
    ...monaco.editor,
    createWebWorker: ({ createData, host, keepIdleModels }: WorkerOptions) => {
      const worker = yamlWorker()
      worker.postMessage('ignore')
      worker.postMessage(createData)
      return monaco.editor.createWebWorker({
        worker,
        ...(host ? { host } : {}),
        ...(keepIdleModels ? { keepIdleModels } : {}),
      })
    },
  },
} as unknown as Parameters<typeof configureMonacoYaml>[0]

/** The schemas are the page's own, under names that tell nobody anything. */
function withoutSource(hover: monaco.languages.Hover | null | undefined): monaco.languages.Hover | null {
  if (!hover) return null
  const contents = hover.contents.map((one) => ({
    ...one,
    value: one.value.replace(/\s*Source: \[[^\]]*\]\([^)]*\)\s*$/, ''),
  }))
  return { ...hover, contents }
}

let worn: boolean | undefined

/** Dresses Monaco in the page's tokens. */
export function dress(element: HTMLElement, isDark: boolean): void {
  if (worn === isDark) return
  worn = isDark
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  const bare = (name: string) => token(name).replace('#', '')
  monaco.editor.defineTheme('drydock', {
    base: isDark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: '', foreground: bare('--ink') },
      // The base theme has rules of its own for this language: only longer names win over them.
      ...['', '.yaml'].flatMap((language) => [
        { token: `type${language}`, foreground: bare('--code-key') },
        { token: `string${language}`, foreground: bare('--code-str') },
        { token: `number${language}`, foreground: bare('--code-num') },
        { token: `keyword${language}`, foreground: bare('--code-num') },
        { token: `comment${language}`, foreground: bare('--code-dim') },
        { token: `operators${language}`, foreground: bare('--code-dim') },
        { token: `delimiter${language}`, foreground: bare('--code-dim') },
      ]),
    ],
    colors: {
      'editor.background': token('--code-bg'),
      'editor.foreground': token('--ink'),
      'editorLineNumber.foreground': token('--code-gutter'),
      'editorLineNumber.dimmedForeground': token('--code-gutter'),
      'editorLineNumber.activeForeground': token('--ink'),
      'editor.lineHighlightBackground': `${token('--accent')}10`,
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': `${token('--accent')}38`,
      'editor.inactiveSelectionBackground': `${token('--accent')}20`,
      'editorCursor.foreground': token('--accent'),
      'editorIndentGuide.background1': token('--line'),
      'editorIndentGuide.activeBackground1': token('--line-2'),
      'editorGutter.background': token('--code-bg'),
      'editorWidget.background': token('--surface'),
      'editorWidget.foreground': token('--ink'),
      'editorWidget.border': token('--line-2'),
      'editorHoverWidget.background': token('--surface'),
      'editorHoverWidget.foreground': token('--ink'),
      'editorHoverWidget.border': token('--line-2'),
      'editorSuggestWidget.background': token('--surface'),
      'editorSuggestWidget.foreground': token('--ink'),
      'editorSuggestWidget.border': token('--line-2'),
      'editorSuggestWidget.selectedBackground': token('--accent-soft'),
      'editorSuggestWidget.selectedForeground': token('--ink'),
      'editorSuggestWidget.highlightForeground': token('--accent-ink'),
      'editorSuggestWidget.focusHighlightForeground': token('--accent-ink'),
      'editorError.foreground': token('--ph-error'),
      'editorWarning.foreground': token('--ph-notready'),
      'diffEditor.insertedTextBackground': `${token('--ph-ready')}33`,
      'diffEditor.removedTextBackground': `${token('--ph-error')}2b`,
      'diffEditor.insertedLineBackground': `${token('--ph-ready')}1c`,
      'diffEditor.removedLineBackground': `${token('--ph-error')}16`,
      'scrollbarSlider.background': `${token('--ink-3')}40`,
      'input.background': token('--surface'),
      'input.foreground': token('--ink'),
      focusBorder: token('--focus'),
    },
  })
  monaco.editor.setTheme('drydock')
}

export { monaco }
