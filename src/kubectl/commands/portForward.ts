import { duration, strings } from '../args/flags.ts'
import { infosOf } from '../args/resources.ts'
import { defineCommand } from '../defineCommand.ts'
import { CommandError, UsageError } from '../errors.ts'
import type { Pod } from '../engine.ts'
import { podsOf } from './containers.ts'
import { demandDoor } from './doors.ts'

/** Forward one or more local ports to a pod. */
// differs: there is no local network here to forward from, so a line that could be obeyed ends with a word about that
export const portForward = defineCommand({
  name: 'port-forward',
  usage: 'port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  summary: 'Forward one or more local ports to a pod',
  completes: 'pods',
  flags: {
    address: strings('Addresses to listen on'),
    'pod-running-timeout': duration('How long to wait until a pod runs', 60_000),
  },
  run({ cluster, io, args }) {
    const [word, ...ports] = args
    if (word === undefined || ports.length === 0)
      throw new UsageError('TYPE/NAME and list of ports are required for port-forward')
    const { infos, errors } = infosOf({ cluster, io, args: word.includes('/') ? [word] : ['pods', word] })
    if (errors.length > 0) throw errors[0]!
    const { object, kind, namespace } = infos[0]!
    const pod = kind.kind === 'Pod' ? (object as Pod) : podsOf(cluster, object, namespace)[0]
    if (pod === undefined) throw new CommandError('timed out waiting for the condition')
    for (const port of ports) checkPort(pod, port)
    if (pod.status.phase !== 'Running')
      throw new CommandError(
        `unable to forward port because pod is not running. Current status=${pod.status.phase ?? ''}`,
      )
    demandDoor(cluster, pod, 'portforward')
    throw new CommandError(
      `this cluster lives in a browser tab and has no local port to listen on; try: kubectl run tmp --rm -i --image=curlimages/curl --restart=Never -- curl http://${pod.status.podIP ?? ''}:${ports[0]!.split(':').at(-1)}`,
    )
  },
})

function checkPort({ metadata, spec }: Pod, word: string): void {
  const remote = word.split(':').at(-1)!
  if (/^\d+$/.test(remote)) return
  const isNamed = spec.containers.some(({ ports = [] }) => ports.some(({ name }) => name === remote))
  if (!isNamed) throw new CommandError(`Pod '${metadata.name}' does not have a named port '${remote}'`)
}
