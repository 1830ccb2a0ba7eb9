/** A piece of Monaco: rendered descriptions. */
import 'monaco-editor/base/common/marked/marked'
import 'monaco-editor/base/browser/dompurify/dompurify'
import 'monaco-editor/editor/common/tokens/sparseMultilineTokens'
