export { run } from './run.ts'
export { editedFiles } from './commands/editing.ts'
export { complete, type Candidate } from './complete.ts'
export { createSession, type Kubeconfig, type Session } from './kubeconfig.ts'
export { decodeYaml } from './manifests/decodeYaml.ts'
export { formatYaml } from './printers/yaml.ts'
export { humanDuration } from './duration.ts'
export { splitWords } from './args/words.ts'
export { suggestionsFor } from './suggest.ts'
export type {
  DescriptionProvider,
  ExecHandle,
  Keyboard,
  Follow,
  Io,
  KubectlContext,
  LogAnswer,
  LogLine,
  NodeDoor,
} from './context.ts'
