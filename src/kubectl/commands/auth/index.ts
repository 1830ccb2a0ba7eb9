import { defineCommand } from '../../defineCommand.ts'
import { canI } from './canI.ts'
import { reconcile } from './reconcile.ts'
import { whoAmI } from './whoAmI.ts'

/** Inspect authorization. */
export const auth = defineCommand({
  name: 'auth',
  usage: 'auth [flags] [options]',
  summary: 'Inspect authorization',
  subcommands: [canI, reconcile, whoAmI],
})
