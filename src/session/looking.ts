const looking: ReadonlySet<string> = new Set([
  'get',
  'describe',
  'explain',
  'logs',
  'top',
  'events',
  'version',
  'api-resources',
  'api-versions',
  'cluster-info',
])

/** What goes on, or asks the server for a path of one's own: it may leave something behind. */
const lasting = /^(-[a-zA-Z]*[wf].*|--(watch|watch-only|follow|raw|filename)(=.*)?)$/

/** Whether a line of kubectl (the words after it) reads and is done: then nothing of a run depends on it. */
export function onlyLooks(argv: readonly string[]): boolean {
  let at = 0
  while (argv[at]?.startsWith('-')) at += argv[at] === '-n' || argv[at] === '--namespace' ? 2 : 1
  return looking.has(argv[at] ?? '') && !argv.some((word) => lasting.test(word))
}
