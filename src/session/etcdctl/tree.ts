import type { Flag, FlagType } from './flags.ts'

// upstream: etcdctl/ctlv3/ctl.go, etcdctl/ctlv3/command/*_command.go of 3.6: names, arguments and flags; the descriptions are ours

/** A command of etcdctl, or a group of them. */
export interface Command {
  readonly name: string
  /** the words after its name, as its usage line has them */
  readonly args?: string
  readonly about: string
  readonly flags?: readonly Flag[]
  /** flags that its own commands have, too */
  readonly sharedFlags?: readonly Flag[]
  readonly commands?: readonly Command[]
  /** how it differs here */
  readonly note?: string
  /** it exists, and nothing here does it */
  readonly isUnplayed?: true
}

const flag = (name: string, type: FlagType, usual: string, about: string, more: Partial<Flag> = {}): Flag => ({
  name,
  type,
  usual,
  about,
  ...more,
})
const toggle = (name: string, about: string, more: Partial<Flag> = {}): Flag => flag(name, 'bool', 'false', about, more)
const text = (name: string, usual: string, about: string): Flag => flag(name, 'string', usual, about)
const number = (name: string, about: string): Flag => flag(name, 'int64', '0', about)
const unplayed = { isUnplayed: true } as const

/** Commands that are listed and refused, given as `name arguments: description`. */
const unplayedCommands = (...lines: readonly string[]): readonly Command[] =>
  lines.map((line) => {
    const [, name = '', args, about = ''] = /^(\S+?)( .*)?: (.*)$/.exec(line) ?? []
    return { name, about, ...(args !== undefined && { args: args.slice(1) }), ...unplayed }
  })

const prefix = toggle('prefix', 'all keys that begin so')
const fromKey = toggle('from-key', 'this key and all that follow it, byte by byte')
const prevKv = toggle('prev-kv', 'show what was there before, too')
const consistency = text('consistency', 'l', 'l asks for agreement among the members, s for what one member has')
const cluster = toggle('cluster', 'every member of the cluster instead of the endpoints named')

const get: Command = {
  name: 'get',
  args: '[options] <key> [range_end]',
  about: 'Show a key, or all keys of a range',
  flags: [
    consistency,
    text('order', '', 'ASCEND (as it is anyway) or DESCEND'),
    text('sort-by', '', 'CREATE, KEY, MODIFY, VALUE or VERSION'),
    number('limit', 'so many keys at most'),
    prefix,
    fromKey,
    number('rev', 'as it was at this revision'),
    toggle('keys-only', 'without the values'),
    toggle('count-only', 'how many there are, and nothing else'),
    toggle('print-value-only', 'values without their keys, in the format simple'),
    number('min-create-rev', 'only what was created at this revision or later'),
    number('max-create-rev', 'only what was created at this revision or earlier'),
    number('min-mod-rev', 'only what was last changed at this revision or later'),
    number('max-mod-rev', 'only what was last changed at this revision or earlier'),
  ],
}

const put: Command = {
  name: 'put',
  args: '[options] <key> <value> (<value> can also be given from stdin)',
  about: 'Give a key a value',
  note: 'Keys below /registry/ belong to the API server: they can be read and deleted here, but not put.',
  flags: [
    text('lease', '0', 'the lease that the key lives by: its id, in hexadecimal digits'),
    prevKv,
    toggle('ignore-value', 'keep the value that the key has', unplayed),
    toggle('ignore-lease', 'keep the lease that the key has', unplayed),
  ],
}

const del: Command = {
  name: 'del',
  args: '[options] <key> [range_end]',
  about: 'Delete a key, or all keys of a range up to range_end',
  flags: [prefix, prevKv, fromKey, toggle('range', 'delete a range without waiting')],
}

const txn: Command = {
  name: 'txn',
  args: '[options]',
  about: 'Do several things at once, if conditions hold',
  note: `Reads three parts, each followed by an empty line: conditions, what to do if they hold, and what if not.
  mod("KEY") > "0"       mod, create, version, value or lease; =, !=, < or >
  get KEY · put KEY "VALUE" · del KEY`,
  flags: [toggle('interactive', 'ask for each part', { short: 'i' })],
}

const watch: Command = {
  name: 'watch',
  args: '[options] [key or prefix] [range_end] [--] [exec-command arg1 arg2 ...]',
  about: 'Tell changes of keys as they happen',
  flags: [
    toggle('interactive', 'take commands while it watches', { short: 'i', ...unplayed }),
    prefix,
    number('rev', 'begin with this revision'),
    prevKv,
    toggle('progress-notify', 'tell now and then how far the watch has come', unplayed),
  ],
}

const lease: Command = {
  name: 'lease',
  args: '<subcommand>',
  about: 'Work with leases',
  commands: [
    { name: 'grant', args: '<ttl>', about: 'Make a lease of so many seconds' },
    { name: 'revoke', args: '<leaseID>', about: 'End a lease, and delete its keys' },
    {
      name: 'timetolive',
      args: '<leaseID> [options]',
      about: 'Show how long a lease has left',
      flags: [toggle('keys', 'show the keys that live by it, too')],
    },
    { name: 'list', about: 'List the leases that there are' },
    {
      name: 'keep-alive',
      args: '[options] <leaseID>',
      about: 'Renew a lease again and again',
      flags: [toggle('once', 'renew it once, and be done')],
    },
  ],
}

const member: Command = {
  name: 'member',
  args: '<subcommand>',
  about: 'Work with the members of the cluster',
  commands: [
    ...unplayedCommands(
      'add <memberName> [options]: Take a member into the cluster',
      'remove <memberID>: Take a member out of the cluster',
      'update <memberID> [options]: Change where a member is found',
      'promote <memberID>: Let a learner vote',
    ),
    { name: 'list', about: 'List the members of the cluster', flags: [consistency] },
  ],
}

const endpoint: Command = {
  name: 'endpoint',
  args: '<subcommand>',
  about: 'Ask endpoints how they are',
  sharedFlags: [cluster],
  commands: [
    { name: 'health', about: 'Show whether each endpoint can have something agreed on' },
    { name: 'status', about: 'Show the figures of each endpoint' },
    ...unplayedCommands('hashkv: Show a hash of the keys and their history at each endpoint'),
  ],
}

const alarm: Command = {
  name: 'alarm',
  args: '<subcommand>',
  about: 'Work with alarms',
  commands: [
    { name: 'disarm', about: 'Switch all alarms off' },
    { name: 'list', about: 'List the alarms that are on' },
  ],
}

const group = (name: string, args: string, about: string, ...lines: readonly string[]): Command => ({
  name,
  args,
  about,
  commands: unplayedCommands(...lines),
})

const auth = group(
  'auth',
  '<enable or disable>',
  'Switch authentication',
  'status: Show whether authentication is on',
  'enable: Switch authentication on',
  'disable: Switch authentication off',
)

const user = group(
  'user',
  '<subcommand>',
  'Work with users',
  'add <user name or user:password> [options]: Make a user',
  'delete <user name>: Delete a user',
  'get <user name> [options]: Show a user',
  'list: List the users',
  'passwd <user name> [options]: Give a user another password',
  'grant-role <user name> <role name>: Give a user a role',
  'revoke-role <user name> <role name>: Take a role from a user',
)

const role = group(
  'role',
  '<subcommand>',
  'Work with roles',
  'add <role name>: Make a role',
  'delete <role name>: Delete a role',
  'get <role name>: Show a role',
  'list: List the roles',
  'grant-permission [options] <role name> <permission type> <key> [endkey]: Let a role read or write keys',
  'revoke-permission <role name> <key> [endkey]: Take a permission from a role',
)

const snapshot = group(
  'snapshot',
  '<subcommand>',
  'Keep copies of the store',
  'save <filename>: Write a copy of the store to a file',
)

const check = group(
  'check',
  '<subcommand>',
  'Try how the cluster does',
  'perf [options]: Try how fast the cluster is',
  'datascale [options]: Try how much memory data takes',
)

const downgrade = group(
  'downgrade',
  '<TARGET_VERSION>',
  'Go back to an earlier version',
  'validate <TARGET_VERSION>: Show whether the cluster could go back',
  'enable <TARGET_VERSION>: Let the cluster go back',
  'cancel: Stay at this version after all',
)

/** The connection, the format, and who asks: every command takes these; those of the connection mean nothing here. */
const globalFlags: readonly Flag[] = [
  text('cacert', '', 'certificate of the authority that servers are checked with'),
  text('cert', '', 'certificate of the client'),
  flag('command-timeout', 'duration', '5s', 'how long a short command may take'),
  toggle('debug', 'log what the client does'),
  flag('dial-timeout', 'duration', '2s', 'how long a connection may take to come about'),
  flag('discovery-srv', 'string', '', 'domain whose SRV records name the endpoints', { short: 'd' }),
  text('discovery-srv-name', '', 'service to look for in those records'),
  flag('endpoints', 'stringSlice', '[127.0.0.1:2379]', 'whom to ask, separated by commas'),
  toggle('hex', 'bytes as hexadecimal digits'),
  flag('insecure-discovery', 'bool', 'true', 'believe SRV records that are not secured'),
  toggle('insecure-skip-tls-verify', 'believe any certificate'),
  flag('insecure-transport', 'bool', 'true', 'connect without TLS'),
  flag('keepalive-time', 'duration', '2s', 'how often an idle connection is tried'),
  flag('keepalive-timeout', 'duration', '6s', 'how long such a try may take'),
  text('key', '', 'key of the client'),
  flag('max-recv-bytes', 'int', '0', 'how large an answer may be'),
  flag('max-request-bytes', 'int', '0', 'how large a request may be'),
  text('password', '', 'password of the user'),
  text('user', '', 'name[:password] of the user'),
  flag('write-out', 'string', 'simple', 'format: fields, json, protobuf, simple or table', { short: 'w' }),
]

/** All of etcdctl. */
export const etcdctl: Command = {
  name: 'etcdctl',
  about: 'Ask etcd, past the API server.',
  note: 'Values below /registry/ are shown as JSON, where a real API server keeps protobuf: they can be deleted here, but not put.',
  sharedFlags: globalFlags,
  commands: [
    ...[get, put, del, txn],
    {
      name: 'compaction',
      args: '[options] <revision>',
      about: 'Forget what was before a revision',
      flags: [toggle('physical', 'wait until it is gone from the disk')],
    },
    alarm,
    { name: 'defrag', about: 'Give free room back to the disk', sharedFlags: [cluster] },
    endpoint,
    ...unplayedCommands('move-leader <transferee-member-id>: Make another member the leader'),
    watch,
    { name: 'version', about: 'Show the version of etcdctl' },
    ...[lease, member, snapshot],
    ...unplayedCommands(
      'make-mirror [options] <destination>: Copy keys to another cluster, and keep them the same',
      'lock <lockname> [exec-command arg1 arg2 ...]: Hold a lock',
      'elect <election-name> [proposal]: Take part in an election, or look on',
    ),
    ...[auth, user, role, check],
    ...unplayedCommands('completion [bash|zsh|fish|powershell]: Write a script that completes commands'),
    downgrade,
    { name: 'help', args: '[command]', about: 'Show how a command is used' },
  ],
}

/** What a transaction may do. upstream: etcdctl/ctlv3/command/txn_command.go parseRequestUnion */
export const operations: Command = { name: '', about: '', commands: [get, put, del] }
