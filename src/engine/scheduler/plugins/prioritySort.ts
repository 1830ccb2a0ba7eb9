import { definePlugin } from '../framework.ts'

/** Serves pods of higher priority first, and among equals the one that waits longest. */
export const prioritySort = definePlugin({
  name: 'PrioritySort',
  less: (a, b) => a.priority > b.priority || (a.priority === b.priority && a.timestamp < b.timestamp),
})
