import type { Pod } from '../api/index.ts'
import type { Status } from './framework.ts'
import { isOver, podInfoOf, type PodInfo } from './podInfo.ts'
import { defaultFrameworks, defaultProfile, type Framework, type Frameworks } from './profile.ts'

/** Whether a pod is none of the scheduler's business: it has a node, it is over, or it names another scheduler. */
export function isIgnored(pod: Pod, frameworks: Frameworks = defaultFrameworks): boolean {
  return Boolean(pod.spec.nodeName) || isOver(pod) || frameworkOf(pod, frameworks) === undefined
}

/** What keeps a pod out of the active queue, with the plugin that says so. */
export function gateOf(pod: Pod): Gate | undefined {
  return gatingPlugin(podInfoOf(pod))
}

/** A plugin's refusal to let a pod be tried at all. */
export interface Gate {
  readonly plugin: string
  readonly status: Status
}

/** As `gateOf`, of a pod that has been read. */
export function gatingPlugin(info: PodInfo, frameworks: Frameworks = defaultFrameworks): Gate | undefined {
  for (const { name, preEnqueue } of frameworkOf(info.pod, frameworks)?.preEnqueue ?? []) {
    const status = preEnqueue!(info)
    if (status.code !== 'Success') return { plugin: name, status }
  }
  return undefined
}

/** The plugins that decide for a pod; undefined where another scheduler is meant. */
export function frameworkOf({ spec }: Pod, frameworks: Frameworks = defaultFrameworks): Framework | undefined {
  return frameworks.get(spec.schedulerName ?? defaultProfile.schedulerName)
}
