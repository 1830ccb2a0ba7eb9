import { argumentsOf, complain, filesOf, memoOf, print, surroundingsOf } from '../kernel/io.ts'
import { defineTool, type Call, type Step } from '../kernel/tool.ts'

/** What packages bring along. A package that is not listed installs and brings nothing. */
const contents: Readonly<Record<string, readonly string[]>> = {
  curl: ['curl'],
  wget: ['wget'],
  procps: ['ps', 'top', 'free', 'uptime', 'pgrep', 'pkill', 'watch', 'kill'],
  'iputils-ping': ['ping'],
  iputils: ['ping'],
  dnsutils: ['nslookup', 'dig', 'host'],
  'bind-tools': ['nslookup', 'dig', 'host'],
  'bind9-dnsutils': ['nslookup', 'dig', 'host'],
  'netcat-openbsd': ['nc'],
  netcat: ['nc'],
  'redis-tools': ['redis-cli'],
  redis: ['redis-cli'],
  stress: ['stress'],
  'stress-ng': ['stress-ng'],
  nginx: ['nginx'],
  psmisc: ['killall'],
  bash: ['bash'],
  'postgresql-client': ['psql', 'pg_isready'],
  'default-mysql-client': ['mysql', 'mysqladmin'],
  python3: ['python3'],
}

const installMs = 4000
const updateMs = 2500

/** Installs packages into the container's own layer, where they last as long as the container. */
export const packageManager = defineTool({
  names: ['apt-get', 'apt', 'apk', 'yum', 'dnf', 'pip', 'pip3', 'npm'],
  step(call): Step {
    const { host } = call.kernel
    const [tool] = call.process.argv
    const words = argumentsOf(call).filter((word) => !word.startsWith('-'))
    const [verb, ...packages] = words
    const isInstalling = verb === 'install' || verb === 'add' || verb === 'ci'
    if (!isInstalling && verb !== 'update' && verb !== 'upgrade') return 0
    const memo = memoOf(call, () => ({ until: host.now() + (isInstalling ? installMs : updateMs) }))
    if (host.now() < memo.until) return { for: 'time', until: memo.until }
    if (surroundingsOf(call).user.uid !== 0 && /^(apt|apk|yum|dnf)/.test(tool!)) return denied(call, tool!)
    const error = filesOf(call).write('/usr/bin/.packages', `${packages.join('\n')}\n`, true)
    if (error) {
      complain(
        call,
        `${tool === 'apk' ? 'ERROR: Unable to lock database' : 'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (30)'}: ${error.error}\n`,
      )
      return tool === 'apk' ? 99 : 100
    }
    if (!isInstalling) {
      print(call, tool === 'apk' ? 'OK: 25000 distinct packages available\n' : 'Reading package lists... Done\n')
      return 0
    }
    for (const name of packages) {
      for (const program of contents[name] ?? [])
        filesOf(call).write(`/usr/bin/${program}`, '', false, { mode: 0o755, program })
      print(
        call,
        tool === 'apk'
          ? `Installing ${name}\n`
          : tool!.startsWith('pip') || tool === 'npm'
            ? `Successfully installed ${name}\n`
            : `Setting up ${name} ...\n`,
      )
    }
    return 0
  },
})

function denied(call: Call, tool: string): number {
  complain(
    call,
    tool === 'apk'
      ? 'ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied\n'
      : 'E: Could not open lock file /var/lib/apt/lists/lock - open (13: Permission denied)\nE: Unable to lock directory /var/lib/apt/lists/\n',
  )
  return tool === 'apk' ? 99 : 100
}
