import type { FileNode } from '../kernel/files.ts'
import type { BaseName } from './defineImage.ts'

/** A system: its directories, programs and plain files. */
export interface Base {
  readonly family: 'busybox' | 'gnu'
  readonly shell: 'dash' | 'ash' | 'bash' | undefined
  readonly links: readonly (readonly [string, string])[]
  readonly files: ReadonlyMap<string, FileNode>
}

const coreutils =
  'cat echo printf sleep true false test [ ls dir touch rm rmdir mkdir cp mv ln chmod chown chgrp mktemp env printenv date hostname id whoami uname nproc df du stat head tail cut tr sort uniq wc tac tee seq yes expr dd base64 md5sum sha1sum sha256sum cksum basename dirname realpath readlink nohup nice timeout sync install unlink stdbuf arch'
const debianTools = `${coreutils} grep egrep fgrep sed awk mawk find xargs which getent perl apt-get apt rev mount umount kill pidof useradd adduser setsid clear ldconfig`
const applets =
  'cat echo printf sleep usleep true false test [ ls touch rm rmdir mkdir cp mv ln chmod chown chgrp mktemp env printenv date hostname id whoami uname nproc uptime free df du stat head tail cut tr sort uniq wc tac tee seq yes expr dd base64 md5sum sha1sum sha256sum cksum basename dirname realpath readlink nohup nice timeout sync install unlink grep egrep fgrep sed awk find xargs which rev mount umount kill killall pkill pgrep pidof ps top wget nslookup nc telnet ping watch clear reset stty adduser arch setsid'

const directories =
  '/bin /dev /etc /home /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/bin /usr/local /usr/local/bin /usr/sbin /usr/share /usr/lib /var /var/lib /var/log /var/run /var/cache /var/tmp /lib /media /dev/shm'
const gnuDirectories =
  '/boot /dev /etc /home /media /mnt /opt /proc /root /run /srv /sys /tmp /usr /usr/bin /usr/sbin /usr/lib /usr/local /usr/local/bin /usr/local/sbin /usr/share /var /var/lib /var/log /var/cache /var/tmp /dev/shm'

const gnuLinks = [
  ['/bin', '/usr/bin'],
  ['/sbin', '/usr/sbin'],
  ['/lib', '/usr/lib'],
  ['/var/run', '/run'],
] as const

const debianRelease =
  'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nID=debian\n'
const alpineRelease = 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\n'

const made = new Map<BaseName, Base>()

/** The system of that name; built once. */
export function baseOf(name: BaseName): Base {
  let base = made.get(name)
  if (base === undefined) {
    base = Object.freeze(build(name))
    made.set(name, base)
  }
  return base
}

function build(name: BaseName): Base {
  switch (name) {
    case 'debian':
      return gnu(debianTools, 'dash', debianRelease)
    case 'fedora':
      return gnu(`${debianTools} dnf yum curl`, 'bash', 'NAME="Fedora Linux"\nID=fedora\n')
    case 'alpine':
      return system('busybox', 'ash', [], directories, programs('/bin', `${applets} apk`, 'ash'), {
        '/etc/alpine-release': '3.22.1\n',
        '/etc/os-release': alpineRelease,
      })
    case 'busybox':
    case 'busyboxOld':
      return system('busybox', 'ash', [], directories, programs('/bin', applets, 'ash'), {})
    case 'minimal':
      return system('busybox', 'ash', [], directories, programs('/bin', 'cat echo', 'ash'), {})
    case 'tool':
      return system('busybox', 'ash', [], directories, programs('/bin', 'wget nslookup cat echo date sleep', 'ash'), {})
    case 'none':
      return system('gnu', undefined, [], '/dev /etc /proc /sys /tmp', {}, {})
  }
}

function gnu(tools: string, shell: 'dash' | 'bash', release: string): Base {
  const all = {
    ...programs('/usr/bin', tools, shell),
    '/usr/bin/bash': 'bash',
    ...(shell === 'dash' ? { '/usr/bin/dash': 'dash' } : {}),
  }
  return system('gnu', shell, gnuLinks, gnuDirectories, all, {
    '/etc/os-release': release,
    '/etc/debian_version': '13.1\n',
  })
}

function programs(folder: string, names: string, shell: string): Record<string, string> {
  return { ...Object.fromEntries(names.split(' ').map((one) => [`${folder}/${one}`, one])), [`${folder}/sh`]: shell }
}

function system(
  family: Base['family'],
  shell: Base['shell'],
  links: Base['links'],
  folders: string,
  executables: Readonly<Record<string, string>>,
  texts: Readonly<Record<string, string>>,
): Base {
  const files = new Map<string, FileNode>()
  for (const path of folders.split(' '))
    files.set(path, directory(path === '/tmp' || path === '/var/tmp' ? 0o1777 : 0o755))
  const passwd = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n'
  addFiles(files, { '/etc/passwd': passwd, '/etc/group': 'root:x:0:\nnogroup:x:65534:\n', ...texts })
  addPrograms(files, executables)
  return { family, shell, links, files }
}

function directory(mode: number): FileNode {
  return Object.freeze({ kind: 'directory', mode, at: 0 })
}

/** Adds plain files, with the directories above them. */
export function addFiles(files: Map<string, FileNode>, texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) {
    addParents(files, path)
    files.set(path, Object.freeze({ kind: 'file', text, mode: 0o644, at: 0 }))
  }
}

/** Adds executables, with the directories above them. */
export function addPrograms(files: Map<string, FileNode>, executables: Readonly<Record<string, string>>): void {
  for (const [path, program] of Object.entries(executables)) {
    addParents(files, path)
    files.set(path, Object.freeze({ kind: 'file', text: '', size: 100_000, mode: 0o755, at: 0, program }))
  }
}

function addParents(files: Map<string, FileNode>, path: string): void {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const folder = path.slice(0, at)
    if (files.has(folder)) return
    files.set(folder, directory(0o755))
  }
}
