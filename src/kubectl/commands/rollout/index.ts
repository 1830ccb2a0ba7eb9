import { defineCommand } from '../../defineCommand.ts'
import { rolloutPause, rolloutRestart, rolloutResume } from './change.ts'
import { rolloutHistory } from './history.ts'
import { rolloutStatus } from './status.ts'
import { rolloutUndo } from './undo.ts'

/** Manage the rollout of a resource. */
export const rollout = defineCommand({
  name: 'rollout',
  usage: 'rollout SUBCOMMAND [options]',
  summary: 'Manage the rollout of a resource',
  examples: ['kubectl rollout status deployment/web', 'kubectl rollout undo deployment/web'],
  subcommands: [rolloutHistory, rolloutPause, rolloutRestart, rolloutResume, rolloutStatus, rolloutUndo],
})
