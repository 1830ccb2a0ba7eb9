/** A piece of Monaco: every option there is. */
import 'monaco-editor/base/common/arrays'
import 'monaco-editor/editor/common/config/editorOptions'
