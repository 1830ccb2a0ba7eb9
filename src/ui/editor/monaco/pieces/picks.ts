/** A piece of Monaco: choices. */
import 'monaco-editor/platform/quickinput/browser/quickInput'
import 'monaco-editor/platform/quickinput/browser/quickInputList'
