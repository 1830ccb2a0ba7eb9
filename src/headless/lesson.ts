/** Plays a lesson's own solution and says for each step whether its goal was unmet before and met after. */
export function playLesson(path: string | undefined, text: string | undefined): Readonly<Record<string, unknown>> {
  if (path === undefined && text === undefined) return { error: 'lesson needs a path or a text' }
  return { error: 'lessons cannot be played yet' }
}
