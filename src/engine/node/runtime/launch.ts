import { remembered } from '../remembered.ts'
import type { LiveContainer } from './containers.ts'
import type { ImageBuild } from './images/catalogue.ts'
import { unwrapped } from './images/defineImage.ts'
import { open } from './kernel/handles.ts'
import { findProgram, type Found } from './kernel/programs.ts'
import type { ContainerConfig } from './runtime.ts'

/** mounts under which an image's executables would disappear */
const hidesPrograms = remembered((path) => /^\/($|usr($|\/(local\/)?s?bin)|s?bin|app|opt|docker|[^/]+$)/.test(path))

/** What a container runs, by the rules of images: `command` replaces the entry point and its words, `args` the words alone. */
export function argvOf({ command, args }: ContainerConfig, { image, argv }: ImageBuild): readonly string[] {
  if (command !== undefined && command.length > 0) return unwrapped([...command, ...(args ?? [])], image)
  return args === undefined || args.length === 0 ? argv : unwrapped([...(image.entrypoint ?? []), ...args], image)
}

/** The program behind a command line, or runc's complaint. */
export function programFor(
  container: LiveContainer,
  argv: readonly string[],
  cwd: string,
  isExec = false,
): { program: string; argv: readonly string[] } | { error: string } {
  const { kernel, build, state: found } = container
  const [name] = argv
  if (name === undefined) return { program: 'unknown', argv: [found.config.name] }
  const path = kernel.host.variable(kernel, 'PATH')
  const target = findCommand(container, name, cwd, path)
  if (target.outcome === 'program') return { program: target.program, argv }
  if (target.outcome === 'script') {
    const interpreter = findProgram(kernel, target.interpreter[0]!, cwd, path)
    if (interpreter.outcome === 'program')
      return { program: interpreter.program, argv: [...target.interpreter, target.path, ...argv.slice(1)] }
  }
  if (build.image.isOpen === true && target.outcome === 'missing')
    return { program: isExec ? 'unknown-tool' : 'unknown', argv }
  if (target.outcome === 'denied' || target.outcome === 'directory')
    return { error: `exec: "${name}": ${target.outcome === 'directory' ? 'is a directory' : 'permission denied'}` }
  return {
    error: name.includes('/')
      ? `exec: "${name}": stat ${name}: no such file or directory`
      : `exec: "${name}": executable file not found in $PATH`,
  }
}

/** Finds a command; in an untouched image the answer is always the same. */
function findCommand(
  { kernel, build, state: found }: LiveContainer,
  name: string,
  cwd: string,
  path: string | undefined,
): Found {
  const isPlain =
    (found.layer === undefined || found.layer.size === 0) &&
    path === build.environment.PATH &&
    (name.startsWith('/') || !name.includes('/')) &&
    !found.config.mounts.some((mount) => hidesPrograms(mount.path))
  if (!isPlain) return findProgram(kernel, name, cwd, path)
  let command = build.commands.get(name)
  if (command === undefined) build.commands.set(name, (command = findProgram(kernel, name, cwd, path)))
  return command
}

/** The descriptors of a group's first process where somebody holds its input; without, it is born with those that all have. */
export function standardDescriptors(
  { kernel: { state } }: LiveContainer,
  group: number,
  hasInput: boolean,
  isTerminal: boolean,
): Map<number, number> | undefined {
  if (!hasInput) return undefined
  state.inputs ??= new Map()
  state.inputs.set(group, { text: '', isEnded: false, isTerminal })
  return new Map<number, number>()
    .set(0, open(state, { kind: 'input', group, refs: 1 }))
    .set(1, open(state, { kind: 'stream', stream: 'stdout', group, refs: 1 }))
    .set(2, open(state, { kind: 'stream', stream: 'stderr', group, refs: 1 }))
}
