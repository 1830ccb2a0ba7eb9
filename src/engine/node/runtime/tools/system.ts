import {
  argumentsOf,
  complain,
  filesOf,
  isBusybox,
  parseOptions,
  pathOf,
  print,
  surroundingsOf,
  variableOf,
} from '../kernel/io.ts'
import { memoryOf, signal, signalName } from '../kernel/processes.ts'
import { findProgram } from '../kernel/programs.ts'
import { defineTool } from '../kernel/tool.ts'
import { modeText, sizeOf } from './ls.ts'
import { formatDate } from './date.ts'
import { processAt } from '../kernel/kernelState.ts'

/** The pod's name, as the container sees it. */
export const hostname = defineTool({
  names: ['hostname'],
  step(call) {
    const about = surroundingsOf(call)
    const { flags } = parseOptions(argumentsOf(call))
    print(call, flags.i || flags.I ? `${about.address} \n` : `${about.hostname}\n`)
    return 0
  },
})

/** Who the process runs as. */
export const id = defineTool({
  names: ['id'],
  step(call) {
    const { user } = surroundingsOf(call)
    const { flags } = parseOptions(argumentsOf(call))
    if (flags.u) print(call, `${flags.n ? user.name : user.uid}\n`)
    else if (flags.g) print(call, `${flags.n ? user.name : user.gid}\n`)
    else {
      const name = (number: number): string =>
        number === user.uid && user.name ? `${number}(${user.name})` : number === 0 ? '0(root)' : String(number)
      const groups = [user.gid, ...user.groups.filter((one) => one !== user.gid)]
      print(call, `uid=${name(user.uid)} gid=${name(user.gid)} groups=${groups.map(name).join(',')}\n`)
    }
    return 0
  },
})

/** The name of who the process runs as. */
export const whoami = defineTool({
  names: ['whoami'],
  step(call) {
    const { user } = surroundingsOf(call)
    if (user.name) print(call, `${user.name}\n`)
    else
      complain(
        call,
        isBusybox(call) ? `whoami: unknown uid ${user.uid}\n` : `whoami: cannot find name for user ID ${user.uid}\n`,
      )
    return user.name ? 0 : 1
  },
})

/** Kernel and machine. */
export const uname = defineTool({
  names: ['uname'],
  step(call) {
    const { flags } = parseOptions(argumentsOf(call))
    const { hostname: name } = surroundingsOf(call)
    const parts = {
      s: 'Linux',
      n: name,
      r: '6.8.0-31-generic',
      v: '#31-Ubuntu SMP PREEMPT_DYNAMIC',
      m: 'x86_64',
      o: 'GNU/Linux',
    }
    const shown = Object.entries(parts).filter(
      ([letter]) => flags.a || flags[letter] || (letter === 's' && Object.keys(flags).length === 0),
    )
    print(call, `${shown.map(([, value]) => value).join(' ')}\n`)
    return 0
  },
})

/** Processors. */
export const nproc = defineTool({
  names: ['nproc', 'arch'],
  step(call) {
    print(call, call.process.argv[0] === 'arch' ? 'x86_64\n' : '4\n')
    return 0
  },
})

/** The processes of the container. */
export const ps = defineTool({
  names: ['ps', 'top'],
  step(call) {
    const { state, host } = call.kernel
    const { name, uid } = surroundingsOf(call).user
    const words = argumentsOf(call).join('')
    const all = state.processes
    const clock = '0:00'
    const user = name || String(uid)
    if (isBusybox(call)) {
      print(call, 'PID   USER     TIME  COMMAND\n')
      for (const one of all)
        print(call, `${String(one.pid).padStart(5)} ${user.padEnd(8)}  ${clock} ${one.argv.join(' ')}\n`)
    } else if (words.includes('aux')) {
      print(call, 'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n')
      for (const one of all) {
        const kib = Math.round(memoryOf(one, host.now()) / 1024)
        print(
          call,
          `${user.padEnd(8)}${String(one.pid).padStart(8)}  0.0  0.0 ${String(kib * 3).padStart(6)} ${String(kib).padStart(5)} ?        ${one === call.process ? 'R' : 'S'}s   ${formatDate(one.startedAt, '%H:%M')}   ${clock} ${one.argv.join(' ')}\n`,
        )
      }
    } else if (/e.*f|ef/.test(words)) {
      print(call, 'UID          PID    PPID  C STIME TTY          TIME CMD\n')
      for (const one of all)
        print(
          call,
          `${user.padEnd(8)}${String(one.pid).padStart(8)} ${String(one.parent).padStart(7)}  0 ${formatDate(one.startedAt, '%H:%M')} ?        00:00:00 ${one.argv.join(' ')}\n`,
        )
    } else {
      print(call, '    PID TTY          TIME CMD\n')
      for (const one of all)
        print(call, `${String(one.pid).padStart(7)} ?        00:00:00 ${baseName(one.argv[0] ?? '')}\n`)
    }
    return 0
  },
})

/** Sends signals to processes by number. */
export const kill = defineTool({
  names: ['kill'],
  step(call) {
    const words = argumentsOf(call)
    const isNamed = words[0]?.startsWith('-') === true
    const name = signalName(words[0] === '-s' ? (words[1] ?? '') : isNamed ? words[0]! : 'TERM') ?? 'TERM'
    let status = 0
    for (const word of words.slice(words[0] === '-s' ? 2 : isNamed ? 1 : 0)) {
      const process = processAt(call.kernel.state, Number(word))
      if (!process) {
        complain(
          call,
          isBusybox(call) ? `kill: can't kill pid ${word}: No such process\n` : `kill: (${word}): No such process\n`,
        )
        status = 1
      } else if (!(process.pid === 1 && name === 'KILL')) signal(call.kernel, process, name)
    }
    return status
  },
})

/** Sends signals to processes by name. */
export const killall = defineTool({
  names: ['killall', 'pkill'],
  step(call) {
    const words = argumentsOf(call)
    const options = words.filter((word) => word.startsWith('-'))
    const name = options.map((word) => signalName(word)).find((one) => one !== undefined) ?? 'TERM'
    const wanted = words.filter((word) => !word.startsWith('-'))
    const isWhole = options.includes('-f')
    const found = call.kernel.state.processes.filter(
      (one) =>
        one !== call.process &&
        wanted.some((word) =>
          isWhole ? one.argv.join(' ').includes(word) : baseName(one.argv[0] ?? '').replace(/:$/, '') === word,
        ),
    )
    for (const process of found) if (!(process.pid === 1 && name === 'KILL')) signal(call.kernel, process, name)
    if (found.length === 0 && call.process.argv[0] === 'killall') complain(call, `${wanted[0]}: no process found\n`)
    return found.length > 0 ? 0 : 1
  },
})

/** Numbers of processes by name. */
export const pgrep = defineTool({
  names: ['pgrep', 'pidof'],
  step(call) {
    const wanted = argumentsOf(call).filter((word) => !word.startsWith('-'))
    const found = call.kernel.state.processes.filter(
      (one) => one !== call.process && wanted.some((word) => baseName(one.argv[0] ?? '').includes(word)),
    )
    print(call, found.map(({ pid }) => `${pid}\n`).join(''))
    return found.length > 0 ? 0 : 1
  },
})

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** How long the container runs. */
export const uptime = defineTool({
  names: ['uptime'],
  step(call) {
    const now = call.kernel.host.now()
    const minutes = Math.floor(now / 60_000)
    print(call, ` ${formatDate(now, '%T')} up ${minutes} min,  0 users,  load average: 0.00, 0.00, 0.00\n`)
    return 0
  },
})

/** Memory of the machine. */
export const free = defineTool({
  names: ['free'],
  step(call) {
    print(call, '               total        used        free      shared  buff/cache   available\n')
    print(
      call,
      'Mem:         8388608     1048576     5242880        1024     2097152     7340032\nSwap:              0           0           0\n',
    )
    return 0
  },
})

/** Space on the file systems. */
export const df = defineTool({
  names: ['df'],
  step(call) {
    const { flags } = parseOptions(argumentsOf(call))
    const rows = [
      ['overlay', 104_857_600, 12_582_912, '/'],
      ['tmpfs', 65_536, 0, '/dev'],
      ['/dev/sda1', 104_857_600, 12_582_912, '/etc/hosts'],
    ] as const
    const size = (kib: number): string => (flags.h ? human(kib * 1024) : String(kib))
    print(call, `Filesystem     ${flags.h ? ' Size' : '1K-blocks'}      Used Available Use% Mounted on\n`)
    for (const [name, total, used, path] of rows) {
      print(
        call,
        `${name.padEnd(14)} ${size(total).padStart(9)} ${size(used).padStart(9)} ${size(total - used).padStart(9)} ${`${Math.ceil((used * 100) / total)}%`.padStart(4)} ${path}\n`,
      )
    }
    return 0
  },
})

function human(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)}${units[unit]}`
}

/** Space that files take. */
export const du = defineTool({
  names: ['du'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['d'])
    const files = filesOf(call)
    const total = (path: string): number => {
      const node = files.findLink(path)
      if (node === undefined) return 0
      const own = node.kind === 'file' ? Math.ceil(sizeOf(node) / 4096) * 4096 : 4096
      return (files.list(path) ?? []).reduce((sum, name) => sum + total(`${path === '/' ? '' : path}/${name}`), own)
    }
    for (const operand of operands.length > 0 ? operands : ['.']) {
      const bytes = total(pathOf(call, operand))
      print(call, `${flags.h ? human(bytes) : Math.ceil(bytes / 1024)}\t${operand}\n`)
    }
    return 0
  },
})

/** What is known of a file. */
export const stat = defineTool({
  names: ['stat'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['c', 'format'])
    let status = 0
    for (const operand of operands) {
      const node = filesOf(call).findLink(pathOf(call, operand))
      if (node === undefined) {
        complain(
          call,
          isBusybox(call)
            ? `stat: can't stat '${operand}': No such file or directory\n`
            : `stat: cannot statx '${operand}': No such file or directory\n`,
        )
        status = 1
        continue
      }
      const mode = node.kind === 'link' ? 0o777 : node.mode
      const octal = mode.toString(8)
      const format = flags.c ?? flags.format
      const when = formatDate(node.at, '%F %T.000000000 %z')
      if (typeof format === 'string') {
        const fields: Record<string, string> = {
          a: octal,
          n: operand,
          s: String(sizeOf(node)),
          U: 'root',
          G: 'root',
          u: '0',
          g: '0',
          A: modeText(node),
          y: when,
          Y: formatDate(node.at, '%s'),
          F: node.kind === 'file' ? 'regular file' : node.kind,
        }
        print(call, `${format.replace(/%(\w)/g, (whole, letter: string) => fields[letter] ?? whole)}\n`)
        continue
      }
      print(
        call,
        `  File: ${operand}\n  Size: ${sizeOf(node)}\tBlocks: ${Math.ceil(sizeOf(node) / 512)}\tIO Block: 4096\t${node.kind === 'file' ? 'regular file' : node.kind}\n`,
      )
      print(
        call,
        `Access: (0${octal}/${modeText(node)})  Uid: (    0/    root)   Gid: (    0/    root)\nAccess: ${when}\nModify: ${when}\nChange: ${when}\n`,
      )
    }
    return status
  },
})

/** Where a command is. */
export const which = defineTool({
  names: ['which'],
  step(call) {
    let status = 0
    for (const name of argumentsOf(call)) {
      const found = findProgram(call.kernel, name, call.process.cwd, variableOf(call, 'PATH'))
      if (found.outcome === 'program' || found.outcome === 'script') print(call, `${found.path}\n`)
      else status = 1
    }
    return status
  },
})

/** A path's last part, or all but it. */
export const basename = defineTool({
  names: ['basename', 'dirname', 'realpath', 'readlink'],
  step(call) {
    const [tool] = call.process.argv
    const { operands } = parseOptions(argumentsOf(call))
    const path = (operands[0] ?? '').replace(/(.)\/+$/, '$1')
    const at = path.lastIndexOf('/')
    if (tool === 'dirname') print(call, `${at < 0 ? '.' : path.slice(0, at) || '/'}\n`)
    else if (tool === 'basename') {
      const name = path.slice(at + 1)
      const ending = operands[1]
      print(
        call,
        `${ending !== undefined && name !== ending && name.endsWith(ending) ? name.slice(0, -ending.length) : name}\n`,
      )
    } else {
      const node = filesOf(call).findLink(pathOf(call, path))
      if (node?.kind === 'link') print(call, `${node.target}\n`)
      else if (tool === 'realpath' && node) print(call, `${pathOf(call, path)}\n`)
      else return 1
    }
    return 0
  },
})

/** Nothing that matters here, and succeeds. */
export const harmless = defineTool({
  names: [
    'clear',
    'reset',
    'stty',
    'mount',
    'umount',
    'sysctl',
    'swapoff',
    'modprobe',
    'setcap',
    'ldconfig',
    'adduser',
    'useradd',
    'update-ca-certificates',
  ],
  step: () => 0,
})
