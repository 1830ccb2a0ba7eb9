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

/** Whether a line of kubectl (the words after it) only tries: nothing of what it says is done. The last flag of several counts. */
export function onlyTries(argv: readonly string[]): boolean {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  const last = own.findLast((word) => word.startsWith('--dry-run'))
  return last === '--dry-run=server' || last === '--dry-run=client'
}

/** Whether a line of kubectl (the words after it) reads and is done: then nothing of a run depends on it. */
export function onlyLooks(argv: readonly string[]): boolean {
  let at = 0
  while (argv[at]?.startsWith('-')) at += argv[at] === '-n' || argv[at] === '--namespace' ? 2 : 1
  return looking.has(argv[at] ?? '') && !argv.some((word) => lasting.test(word))
}

/** Commands that write while they wait, or leave something running; all others only look. */
const acting: ReadonlySet<string> = new Set(['drain', 'exec', 'cp', 'replace', 'attach', 'run', 'debug'])

/** Whether a line of kubectl goes on changing the cluster after it has begun. */
export function actsWhileItWaits(argv: readonly string[]): boolean {
  return argv.some((word) => acting.has(word))
}
