import type { Pod } from '../../../api/index.ts'
import { stepsFor, type PodEdit } from '../podEdit.ts'
import { blockedOnlyBy, triedMax, type Finder, type Question } from '../question.ts'
import type { Remedy } from '../remedy.ts'
import { changedPod } from '../sandbox.ts'

type Constraint = NonNullable<Pod['spec']['topologySpreadConstraints']>[number]

const doublingsMax = 12

/** Allows more skew, as little more as will do, or makes the constraint a wish. */
export const relaxSpread: Finder = (question) => {
  if (blockedOnlyBy(question, ['PodTopologySpread'], 1).length === 0) return []
  const constraints = question.pod.pod.spec.topologySpreadConstraints ?? []
  return constraints.flatMap((constraint, index) =>
    constraint.whenUnsatisfiable === 'DoNotSchedule' ? relaxed(constraint, index, question) : [],
  )
}

function relaxed({ topologyKey, maxSkew }: Constraint, index: number, question: Question): readonly Remedy[] {
  const remedies: Remedy[] = []
  const say = (sentence: string, node: string, size: number, edit: PodEdit): void => {
    const apply = stepsFor(question.pod.pod, edit, 'newPod', question.find)
    remedies.push({ kind: 'relaxSpread', sentence: `${sentence}; ${node} would take the pod then.`, node, size, apply })
  }
  const skew = leastSkew(maxSkew, (wider) => placeWith(changing(index, { maxSkew: wider }), question))
  if (skew !== undefined) {
    const text = `Allow a skew of ${skew.value} over ${topologyKey} (maxSkew is ${maxSkew})`
    say(text, skew.node, 3 + (skew.value - maxSkew) / 10, changing(index, { maxSkew: skew.value }))
  }
  const soft = changing(index, { whenUnsatisfiable: 'ScheduleAnyway', minDomains: undefined })
  const node = placeWith(soft, question)
  if (node !== undefined) say(`Spread over ${topologyKey} where possible only (ScheduleAnyway)`, node, 3.5, soft)
  return remedies
}

function placeWith(edit: PodEdit, question: Question): string | undefined {
  const { sandbox, pod } = question
  const nodes = blockedOnlyBy(question, ['PodTopologySpread'], triedMax).map(({ node }) => node)
  return sandbox.choiceFor(changedPod(pod, edit(pod.pod.spec)), nodes)
}

/** The smallest skew above the one there is that places the pod. */
function leastSkew(
  skew: number,
  placeFor: (skew: number) => string | undefined,
): { readonly value: number; readonly node: string } | undefined {
  let tooLittle = skew
  let enough = skew
  let node: string | undefined
  for (let step = 0; step < doublingsMax && node === undefined; step++) {
    tooLittle = enough
    enough = skew + 2 ** step
    node = placeFor(enough)
  }
  if (node === undefined) return undefined
  while (enough - tooLittle > 1) {
    const middle = (enough + tooLittle) >> 1
    const place = placeFor(middle)
    if (place === undefined) tooLittle = middle
    else [enough, node] = [middle, place]
  }
  return { value: enough, node }
}

function changing(index: number, change: Partial<Record<keyof Constraint, unknown>>): PodEdit {
  return (spec) => ({
    ...spec,
    topologySpreadConstraints: (spec.topologySpreadConstraints ?? []).map((constraint, at) => {
      if (at !== index) return constraint
      const { minDomains, ...rest } = { ...constraint, ...change } as Constraint
      return minDomains === undefined ? rest : { ...rest, minDomains }
    }),
  })
}
