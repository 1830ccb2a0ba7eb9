/** A piece of Monaco: colours and edits. */
import 'monaco-editor/editor/common/core/edits/stringEdit'
import 'monaco-editor/platform/theme/common/colorUtils'
