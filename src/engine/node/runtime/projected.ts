import type { FileNode } from './kernel/files.ts'
import type { ContainerConfig } from './runtime.ts'

/** Projected contents as files, with the mode that the pod's volume asks for. */
export function projectedFiles(
  files: Readonly<Record<string, string>>,
  config: ContainerConfig,
  mountPath: string,
): Map<string, FileNode> {
  const mode = projectedMode(config, mountPath)
  return new Map(
    Object.entries(files).map(([path, text]) => [path, Object.freeze({ kind: 'file' as const, text, mode, at: 0 })]),
  )
}

function projectedMode({ pod, name }: ContainerConfig, mountPath: string): number {
  const { containers, initContainers, volumes } = pod.spec
  const container = [...containers, ...(initContainers ?? [])].find((one) => one.name === name)
  const mount = container?.volumeMounts?.find((one) => one.mountPath === mountPath)
  const volume = volumes?.find((one) => one.name === mount?.name)
  return (
    volume?.configMap?.defaultMode ??
    volume?.secret?.defaultMode ??
    volume?.projected?.defaultMode ??
    volume?.downwardAPI?.defaultMode ??
    0o644
  )
}
