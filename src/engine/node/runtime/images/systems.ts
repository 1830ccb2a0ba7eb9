import { defineImage, megabytes } from './defineImage.ts'

/** BusyBox before 1.29, whose nslookup prints in another form. */
const oldBusybox = /^1\.(1\d|2[0-8])(\.\d+)?|^1\.27/

/** BusyBox: a shell and small tools. */
export const busybox = defineImage({
  names: [
    'docker.io/library/busybox',
    'registry.k8s.io/busybox',
    'gcr.io/google_containers/busybox',
    'registry.k8s.io/e2e-test-images/busybox',
    'gcr.io/google-containers/busybox',
  ],
  tags: /^(latest|stable|unstable|musl|glibc|uclibc|1|1\.([12]\d|3[0-7])(\.\d)?)(-(musl|glibc|uclibc))*(-\d)?$/,
  sizeBytes: 2_159_953,
  base: 'busybox',
  cmd: ['sh'],
})

/** Whether a tag of busybox is one of the old ones. */
export function isOldBusybox(tag: string): boolean {
  return oldBusybox.test(tag)
}

/** BusyBox with curl, of the documentation. */
export const busyboxPlus = defineImage({
  names: ['docker.io/radial/busyboxplus', 'docker.io/yauritux/busybox-curl'],
  tags: /^(latest|curl|git)$/,
  sizeBytes: megabytes(5),
  base: 'busyboxOld',
  cmd: ['/bin/sh'],
  programs: { '/bin/curl': 'curl' },
})

/** Alpine Linux. */
export const alpine = defineImage({
  names: ['docker.io/library/alpine'],
  tags: /^(latest|edge|3|3\.\d{1,2}(\.\d{1,2})?|2\.[67])$/,
  sizeBytes: 3_805_000,
  base: 'alpine',
  cmd: ['/bin/sh'],
})

/** Alpine with bash as its shell. */
export const bash = defineImage({
  names: ['docker.io/library/bash'],
  tags: /^(latest|[345](\.\d(\.\d{1,2})?)?|devel)(-alpine3\.\d\d)?$/,
  sizeBytes: megabytes(6),
  base: 'alpine',
  wrapper: { path: '/usr/local/bin/docker-entrypoint.sh', server: 'bash' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['bash'],
  programs: { '/usr/local/bin/bash': 'bash' },
})

/** Debian and Ubuntu. */
export const debian = defineImage({
  names: [
    'docker.io/library/debian',
    'docker.io/library/ubuntu',
    'docker.io/library/buildpack-deps',
    'gcr.io/google-containers/ubuntu-slim',
    'registry.k8s.io/e2e-test-images/debian',
  ],
  tags: /^(latest|rolling|devel|stable|testing|unstable|sid|oldstable|\d{1,2}(\.\d{1,2})?|trixie|bookworm|bullseye|buster|noble|jammy|focal|bionic|xenial|questing|resolute)(-(slim|backports|\d{8}))*$/,
  sizeBytes: (tag) => (tag.includes('slim') ? 29_780_000 : 49_300_000),
  base: 'debian',
  cmd: ['bash'],
})

/** Fedora, CentOS and their relatives. */
export const fedora = defineImage({
  names: [
    'docker.io/library/fedora',
    'docker.io/library/centos',
    'docker.io/library/rockylinux',
    'docker.io/library/almalinux',
    'docker.io/library/amazonlinux',
    'quay.io/centos/centos',
    'registry.access.redhat.com/ubi9/ubi',
  ],
  tags: /^(latest|rawhide|stream\d+|\d{1,2}(\.\d{1,2})?|centos\d|2023|2)(-minimal)?$/,
  sizeBytes: megabytes(72),
  base: 'fedora',
  cmd: ['/bin/bash'],
})

const languageTags =
  /^(latest|lts|current|slim|alpine|\d{1,2}(\.\d{1,2}(\.\d{1,2})?)?|trixie|bookworm|bullseye|[a-z]+)(-(slim|alpine|bookworm|bullseye|trixie|buster|alpine3\.\d\d|slim-bookworm|threaded|\w+))*$/

/** Python. */
export const python = defineImage({
  names: ['docker.io/library/python'],
  tags: /^(latest|slim|alpine|[23](\.\d{1,2}(\.\d{1,2})?)?|bookworm|trixie|bullseye)(-(slim|alpine|bookworm|bullseye|trixie|buster|alpine3\.\d\d|rc))*$/,
  sizeBytes: (tag) => (tag.includes('alpine') ? 16_500_000 : tag.includes('slim') ? 46_000_000 : 365_000_000),
  base: 'debian',
  alpineTags: /alpine/,
  cmd: ['python3'],
  environment: (tag) => ({
    PYTHON_VERSION: /^3\.\d+\.\d+/.exec(tag)?.[0] ?? (/^3\.\d+/.test(tag) ? `${/^3\.\d+/.exec(tag)![0]}.1` : '3.14.0'),
  }),
  programs: {
    '/usr/local/bin/python3': 'python3',
    '/usr/local/bin/python': 'python',
    '/usr/local/bin/pip': 'pip',
    '/usr/bin/curl': 'curl',
  },
})

/** Node.js. */
export const node = defineImage({
  names: ['docker.io/library/node'],
  tags: languageTags,
  sizeBytes: (tag) => (tag.includes('alpine') ? 51_000_000 : tag.includes('slim') ? 76_000_000 : 390_000_000),
  base: 'debian',
  alpineTags: /alpine/,
  wrapper: { path: '/usr/local/bin/docker-entrypoint.sh', server: 'node' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['node'],
  programs: { '/usr/local/bin/node': 'node', '/usr/local/bin/npm': 'node' },
})

/** Perl. */
export const perl = defineImage({
  names: ['docker.io/library/perl'],
  tags: /^(latest|slim|stable|5|5\.\d{1,2}(\.\d{1,2})?)(-(slim|threaded|bookworm|trixie|bullseye|buster))*$/,
  sizeBytes: megabytes(336),
  base: 'debian',
  cmd: ['perl', '-de0'],
})

/** Ruby, Go, PHP, Java and other languages: a system with their tools, of which shells are what runs. */
export const languages = defineImage({
  names: [
    'docker.io/library/ruby',
    'docker.io/library/golang',
    'docker.io/library/php',
    'docker.io/library/openjdk',
    'docker.io/library/eclipse-temurin',
    'docker.io/library/rust',
    'docker.io/library/maven',
    'docker.io/library/gcc',
    'docker.io/library/docker',
    'docker.io/library/haproxy',
    'docker.io/library/traefik',
    'docker.io/library/caddy',
    'docker.io/library/drupal',
    'docker.io/library/ghost',
    'docker.io/library/nextcloud',
    'docker.io/library/registry',
    'docker.io/library/vault',
    'docker.io/library/consul',
    'docker.io/library/influxdb',
    'docker.io/library/telegraf',
    'docker.io/library/couchdb',
    'docker.io/library/neo4j',
    'docker.io/library/nats',
    'docker.io/library/adminer',
    'docker.io/library/joomla',
    'docker.io/library/rethinkdb',
    'docker.io/library/solr',
  ],
  tags: /./,
  sizeBytes: megabytes(180),
  base: 'debian',
  alpineTags: /alpine/,
  isOpen: true,
})

/** Docker's first example: greets and ends. */
export const helloWorld = defineImage({
  names: ['docker.io/library/hello-world'],
  tags: /^(latest|linux|nanoserver.*)$/,
  sizeBytes: 2_500,
  base: 'none',
  cmd: ['/hello', '\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n'],
  programs: { '/hello': 'echo' },
})
