import { expect, test } from 'vitest'
import { createPlayer } from '../../src/headless/lesson.ts'
import { catalogue, findLesson, playLesson } from '../../src/lessons/index.ts'

test.each(catalogue.map(({ id }) => id))('%s is solved by its own solution', (id) => {
  const lesson = findLesson(id)!
  const player = createPlayer(lesson)
  const steps = playLesson(lesson, player)
  console.log(player.output(), player.session.now(), player.cluster().traffic('users'))
  const wanted = lesson.steps.map((step) => ({ id: step.id, unmetBefore: true, met: true, failed: [], open: [] }))
  expect(steps).toEqual(wanted)
})
