import { defineCommand } from '../../defineCommand.ts'
import { topNode } from './node.ts'
import { topPod } from './pod.ts'

/** Display resource (CPU/memory) usage. */
export const top = defineCommand({
  name: 'top',
  usage: 'top [flags] [options]',
  summary: 'Display resource (CPU/memory) usage',
  subcommands: [topNode, topPod],
})
