/** A piece of Monaco: its door. */
import 'monaco-editor/editor'
