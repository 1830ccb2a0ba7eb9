/** A piece of Monaco: pointer and cursor. */
import 'monaco-editor/editor/browser/controller/mouseHandler'
import 'monaco-editor/editor/common/cursor/cursorTypeOperations'
