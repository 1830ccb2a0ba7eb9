/** A piece of Monaco: the editor itself. */
import 'monaco-editor/editor/common/viewModel/viewModelImpl'
import 'monaco-editor/editor/browser/widget/codeEditor/codeEditorWidget'
