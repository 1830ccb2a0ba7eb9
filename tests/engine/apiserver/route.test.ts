import fc from 'fast-check'
import { expect, test } from 'vitest'
import { getInitialSnapshot, transition } from 'xstate'
import { requestMachine, type RequestEvent } from '../../../src/engine/apiserver/requestMachine.ts'
import { createRoute } from '../../../src/engine/apiserver/route.ts'

const stages = Object.keys(requestMachine.states).filter((stage) => stage !== 'answered' && stage !== 'refused')
const works = Object.fromEntries(stages.map((stage) => [stage, stage]))

// The chart is the definition; the table that requests walk is worked out from it and must say the same.
test('the table of stages goes where the chart goes, whatever a request says', () => {
  const event = fc.constantFrom<RequestEvent['type']>('passed', 'read', 'refused')
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), (events) => {
      const route = createRoute(works)
      let step: ReturnType<typeof route.after> = route.first
      let snapshot = getInitialSnapshot(requestMachine)
      for (const type of events) {
        const [next] = transition(requestMachine, snapshot, { type })
        if (step === null || next.value === snapshot.value) return
        expect(step.work).toBe(snapshot.value)
        step = route.after(step, type)
        snapshot = next
      }
      expect(step?.work).toBe(snapshot.status === 'done' ? undefined : snapshot.value)
    }),
  )
})

test('a write passes every gate, a read leaves after authorization', () => {
  const walk = (say: (stage: string) => RequestEvent['type']): string[] => {
    const route = createRoute(works)
    const walked: string[] = []
    for (
      let step: ReturnType<typeof route.after> = route.first;
      step !== null;
      step = route.after(step, say(step.work))
    )
      walked.push(step.work)
    return walked
  }
  expect(walk(() => 'passed')).toEqual(stages.filter((stage) => stage !== 'reading'))
  expect(walk((stage) => (stage === 'authorization' ? 'read' : 'passed'))).toEqual([
    'authentication',
    'authorization',
    'reading',
  ])
})
