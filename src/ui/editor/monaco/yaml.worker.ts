/** The language worker of the manifest editor. */
import 'monaco-yaml/yaml.worker.js'
