import type { KubeObject } from '../../api/index.ts'
import type { Rejection } from '../framework.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import type { PodInfo } from '../podInfo.ts'
import type { Remedy } from './remedy.ts'
import type { Sandbox } from './sandbox.ts'

/** A node with everything the plugins have against it, not only the first thing. */
export interface Finding {
  readonly node: NodeInfo
  readonly objections: readonly Rejection[]
}

/** Looks an object up by kind, namespace and name: whoever owns the pod must be changed, not the pod. */
export type FindObject = (kind: string, namespace: string, name: string) => KubeObject | undefined

/** "What would place this pod?", with all a finder of remedies needs to answer. */
export interface Question {
  readonly sandbox: Sandbox
  readonly pod: PodInfo
  /** the plugin that refuses the pod whatever the node */
  readonly refusal: Rejection | undefined
  readonly findings: readonly Finding[]
  readonly find: FindObject
}

/** Looks for one kind of change. Every remedy it returns has been tried in the sandbox. */
export type Finder = (question: Question) => readonly Remedy[]

/** The nodes that only these plugins object to, at most so many. */
export function blockedOnlyBy({ findings }: Question, plugins: readonly string[], most: number): readonly Finding[] {
  const found: Finding[] = []
  for (const finding of findings) {
    if (finding.objections.length === 0 || !finding.objections.every(({ plugin }) => plugins.includes(plugin))) continue
    found.push(finding)
    if (found.length >= most) break
  }
  return found
}

/** How many nodes a finder tries, and how many of its remedies are worth saying. */
export const triedMax = 50
export const saidMax = 3
