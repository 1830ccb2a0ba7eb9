import type { Pod } from '../api/index.ts'
import type { Status } from './framework.ts'
import { isOver, podInfoOf, type PodInfo } from './podInfo.ts'
import { createFramework, defaultProfile, type Framework } from './profile.ts'

const frameworks: ReadonlyMap<string, Framework> = new Map([
  [defaultProfile.schedulerName, createFramework(defaultProfile)],
])

/** The plugins that decide for pods of a scheduler name; undefined where another scheduler is meant. */
export function frameworkFor(schedulerName: string): Framework | undefined {
  return frameworks.get(schedulerName)
}

/** Whether a pod is none of the scheduler's business: it has a node, it is over, or it names another scheduler. */
export function isIgnored(pod: Pod): boolean {
  return Boolean(pod.spec.nodeName) || isOver(pod) || frameworkFor(schedulerOf(pod)) === undefined
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
export function gatingPlugin(info: PodInfo): Gate | undefined {
  for (const { name, preEnqueue } of frameworkFor(schedulerOf(info.pod))?.preEnqueue ?? []) {
    const status = preEnqueue!(info)
    if (status.code !== 'Success') return { plugin: name, status }
  }
  return undefined
}

function schedulerOf({ spec }: Pod): string {
  return spec.schedulerName ?? defaultProfile.schedulerName
}
