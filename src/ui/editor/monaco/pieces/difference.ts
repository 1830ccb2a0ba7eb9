/** A piece of Monaco: two texts side by side. */
import 'monaco-editor/editor/browser/widget/diffEditor/diffEditorViewModel'
import 'monaco-editor/editor/browser/widget/multiDiffEditor/diffEditorItemTemplate'
