/** A piece of Monaco: the browser's page. */
import 'monaco-editor/base/common/strings'
import 'monaco-editor/base/browser/dom'
import 'monaco-editor/editor/common/languages/modesRegistry'
