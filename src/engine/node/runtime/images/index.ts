import type { Image } from './defineImage.ts'
import * as data from './data.ts'
import * as systems from './systems.ts'
import * as tidewatch from './tidewatch.ts'
import * as toolImages from './tools.ts'
import * as web from './web.ts'

/** The catalogue: images whose behaviour is known. Lessons add their own (`addImages`). */
export const images: readonly Image[] = Object.freeze([
  ...[
    web.nginx,
    web.nginxSlim,
    web.nginxHttps,
    web.httpd,
    web.hpaExample,
    web.guestbook,
    web.helloApp,
    web.httpEcho,
    web.whoami,
    web.wordpress,
  ],
  ...[
    data.redis,
    data.redisSamples,
    data.mysql,
    data.postgres,
    data.mongo,
    data.memcached,
    data.rabbitmq,
    data.etcd,
    data.javaServers,
  ],
  ...[
    systems.busybox,
    systems.busyboxPlus,
    systems.alpine,
    systems.bash,
    systems.debian,
    systems.fedora,
    systems.helloWorld,
  ],
  ...[systems.python, systems.node, systems.perl, systems.languages],
  ...[
    toolImages.pause,
    toolImages.curl,
    toolImages.agnhost,
    toolImages.coredns,
    toolImages.metricsServer,
    toolImages.netshoot,
    toolImages.stress,
    toolImages.vishStress,
  ],
  ...[
    tidewatch.ui,
    tidewatch.forecast,
    tidewatch.trainer,
    tidewatch.logbook,
    tidewatch.tool,
    tidewatch.leaky,
    tidewatch.hog,
    tidewatch.collector,
  ],
])

const byRepository = new Map<string, Image>(
  images.flatMap((image) => image.names.map((name) => [name, image] as const)),
)

/** The image of a full repository, if the catalogue has it. */
export function findImage(repository: string): Image | undefined {
  return byRepository.get(repository)
}

/** Short names on docker.io that everybody knows: what a misspelt one is compared with. */
export const wellKnownNames: readonly string[] = Object.freeze(
  [...byRepository.keys()]
    .filter((name) => name.startsWith('docker.io/library/'))
    .map((name) => name.slice('docker.io/library/'.length)),
)
