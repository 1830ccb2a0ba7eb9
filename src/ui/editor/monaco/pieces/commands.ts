/** A piece of Monaco: commands. */
import 'monaco-editor/editor/browser/coreCommands'
