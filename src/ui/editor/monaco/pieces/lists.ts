/** A piece of Monaco: lists and trees. */
import 'monaco-editor/base/browser/ui/list/listWidget'
import 'monaco-editor/base/browser/ui/sash/sash'
import 'monaco-editor/base/browser/ui/tree/abstractTree'
