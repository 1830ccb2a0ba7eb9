/** A piece of Monaco: the parts of a view. */
import 'monaco-editor/editor/browser/viewParts/minimap/minimap'
import 'monaco-editor/editor/browser/viewParts/viewLinesGpu/viewLinesGpu'
