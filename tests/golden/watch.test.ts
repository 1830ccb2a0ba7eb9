import { test } from 'vitest'
import { recordingsOf, settle, type Recording, type Verdict } from './api/recordings.ts'
import { playCompaction, type CompactionCase } from './watch/compaction.ts'
import { playDeletion, type DeletionCase } from './watch/deletion.ts'
import { playEvents, type EventCase } from './watch/events.ts'
import { playList, type ListCase } from './watch/lists.ts'

const only = process.env['GOLDEN']
const files = recordingsOf('watch')

function played<Case extends Recording>(file: string, play: (one: Case) => Verdict): readonly Verdict[] {
  const cases = (files.get(file) ?? []) as readonly Case[]
  return cases.filter(({ name }) => !only || name.includes(only)).map(play)
}

test('what watchers and lists of the real server see, and what a deletion leaves', { timeout: 60_000 }, () => {
  settle('watch', [
    ...played<EventCase>('events', playEvents),
    ...played<ListCase>('lists', playList),
    ...played<CompactionCase>('compaction', playCompaction),
    ...played<DeletionCase>('deletion', playDeletion),
  ])
})
