import type { Sim } from '../../../src/engine/sim/index.ts'
import type { ContainerConfig, ProbeTarget, Reply, Runtime } from '../../../src/engine/node/runtime/runtime.ts'
import type { Behaviour, ExecBehaviour, ImageBehaviour, PortBehaviour } from './recording.ts'

interface FakeContainer {
  readonly id: string
  readonly config: ContainerConfig
  startedAt: number
  isStarted: boolean
  reply: Reply | undefined
  timer: number | undefined
  endsAt: number
}

/** A runtime that only obeys a recording's instructions. */
export interface FakeRuntime extends Runtime {
  readonly behave: (behaviour: Behaviour) => void
  /** `<container web main 1>`: the nth container made of that name */
  readonly labelOf: (id: string) => string | undefined
  readonly ipOf: (podUid: string) => string | undefined
  /** Ends a running container at once. */
  readonly kill: (pod: string, container: string, code: number) => void
  /** The names and uids of the pods that have running containers. */
  readonly running: (pod: string) => readonly string[]
}

const present = ['nginx:1.27', 'busybox:1.36', 'httpd:2.4', 'envoy:1']

/** Makes a runtime for one scenario. */
export function createFakeRuntime(
  sim: Sim,
  behaviours: readonly Behaviour[],
  images: Readonly<Record<string, ImageBehaviour>>,
): FakeRuntime {
  const rules = [...behaviours]
  const containers = new Map<string, FakeContainer>()
  const labels = new Map<string, string>()
  const made = new Map<string, number>()
  const runs = new Map<string, number>()
  const tries = new Map<string, number>()
  const pulledImages = new Set(present)
  const ips = new Map<string, string>()
  const sandboxTries = new Map<string, number>()
  let serial = 0
  for (const [name, { present: isPresent }] of Object.entries(images)) if (isPresent) pulledImages.add(name)

  function rule<Key extends keyof Behaviour>(
    pod: string,
    container: string | undefined,
    key: Key,
  ): Behaviour[Key] | undefined {
    for (const one of rules) {
      if (one[key] === undefined) continue
      if (one.pod !== undefined && one.pod !== pod && !pod.startsWith(`${one.pod}-`)) continue
      if (container !== undefined && one.container !== undefined && one.container !== container) continue
      return one[key]
    }
    return undefined
  }

  const podOf = ({ config }: FakeContainer): string => config.pod.metadata.name
  const isRunning = ({ isStarted, endsAt }: FakeContainer): boolean => isStarted && sim.now() < endsAt
  const age = ({ startedAt }: FakeContainer): number => (sim.now() - startedAt) / 1000

  function end(container: FakeContainer, code: number, reason?: string, message?: string, delayMs = 0): void {
    if (container.timer !== undefined) sim.cancel(container.timer)
    container.timer = undefined
    const event = {
      type: 'process.exited',
      token: container.reply!.token,
      id: container.id,
      code,
      reason: reason ?? (code === 0 ? 'Completed' : 'Error'),
      ...(message && { message }),
    }
    container.timer = sim.schedule(delayMs, container.reply!.to, event)
    container.endsAt = sim.now() + delayMs
  }

  function stepOf(steps: readonly (readonly [number, number])[] | undefined, at: number, otherwise: number): number {
    let value = otherwise
    for (const [since, next] of steps ?? []) if (at >= since) value = next
    return value
  }

  function answer(container: FakeContainer, port: PortBehaviour, target: ProbeTarget): object | undefined {
    const seconds = age(container)
    if (seconds < (port.after ?? 0) || seconds > (port.until ?? Infinity)) return { kind: 'refused' }
    if (target.kind === 'tcp') return { kind: 'tcp' }
    if (target.kind === 'grpc') {
      const paths = port.paths?.[target.service]
      if (paths === undefined) return { kind: 'grpc', status: 'UNKNOWN_SERVICE' }
      const status = stepOf(paths, seconds, 200)
      return status === 0 ? undefined : { kind: 'grpc', status: status === 200 ? 'SERVING' : 'NOT_SERVING' }
    }
    const paths = port.paths?.[target.path]
    const status = paths === undefined ? 404 : stepOf(paths, seconds, 200)
    const location = port.redirect !== undefined && status >= 300 && status < 400 ? { location: port.redirect } : {}
    return status === 0
      ? undefined
      : { kind: 'http', status, body: status >= 300 && status < 400 ? '' : (port.body ?? ''), ...location }
  }

  return {
    images: {
      has: (_node, image) => pulledImages.has(image),
      describe(_node, image) {
        if (!pulledImages.has(image)) return undefined
        const full =
          image.includes('/') && image.split('/')[0]!.includes('.')
            ? image
            : `docker.io/${image.includes('/') ? '' : 'library/'}${image}`
        const tagged = /:[^/]+$/.test(full) ? full : `${full}:latest`
        const { size = 1_000_000, uid, user } = images[image] ?? {}
        const owner = user ?? (uid === undefined ? undefined : String(uid))
        return {
          reference: tagged,
          digest: `${tagged.replace(/:[^/:]+$/, '')}@sha256:0`,
          sizeBytes: size,
          ...(owner !== undefined && { user: owner }),
        }
      },
      pull(_node, image, reply) {
        const { seconds = 0, errors = [], size = 1_000_000 } = images[image] ?? {}
        const nth = tries.get(image) ?? 0
        tries.set(image, nth + 1)
        const error = errors.length === 0 ? '' : errors[Math.min(nth, errors.length - 1)]!
        const tookMs = seconds * 1000 + 1
        if (error === '') {
          sim.schedule(tookMs, reply.to, { type: 'image.pulled', token: reply.token, image, sizeBytes: size, tookMs })
          pulledImages.add(image)
        } else {
          const [code, ...text] = error.split('|')
          sim.schedule(tookMs, reply.to, {
            type: 'image.pullFailed',
            token: reply.token,
            image,
            code,
            message: text.join('|'),
          })
        }
      },
      parseError(image) {
        if (/^[a-z0-9]+([._/:@-]+[a-zA-Z0-9]+)*$/.test(image) && !/[A-Z]/.test(image.split(':')[0]!)) return undefined
        const name = image.split(/[:@]/)[0]!
        if (/[A-Z]/.test(name)) {
          const lower = name.includes('/') ? name : `library/${name}`
          return `couldn't parse image name "${image}": invalid reference format: repository name (${lower}) must be lowercase`
        }
        return `couldn't parse image name "${image}": invalid reference format`
      },
    },
    runSandbox(_node, pod, reply) {
      const { name, uid } = pod.metadata
      const errors = rule(name, undefined, 'sandboxErrors')
      const nth = sandboxTries.get(uid) ?? 0
      sandboxTries.set(uid, nth + 1)
      if (errors?.[nth]) {
        sim.schedule(3, reply.to, { type: 'sandbox.failed', token: reply.token, message: errors[nth] })
        return
      }
      const ip = pod.spec.hostNetwork ? '192.168.10.11' : `10.244.1.${++serial % 250}`
      ips.set(uid, ip)
      sim.schedule(5, reply.to, { type: 'sandbox.ready', token: reply.token, ip })
    },
    removeSandbox: () => undefined,
    createContainer(config) {
      const { name: pod } = config.pod.metadata
      const key = `${pod}/${config.name}`
      const exits = rule(pod, config.name, 'exit')
      const nth = runs.get(key) ?? 0
      const exit = exits?.[Math.min(nth, exits.length - 1)]
      if (exit?.createError !== undefined) {
        runs.set(key, nth + 1)
        return { error: exit.createError }
      }
      const id = `c${++serial}`
      const count = (made.get(key) ?? 0) + 1
      made.set(key, count)
      labels.set(id, `<container ${pod} ${config.name} ${count}>`)
      containers.set(id, {
        id,
        config,
        startedAt: 0,
        isStarted: false,
        reply: undefined,
        timer: undefined,
        endsAt: Infinity,
      })
      return { id }
    },
    startContainer(id, reply) {
      const container = containers.get(id)!
      const key = `${podOf(container)}/${container.config.name}`
      const exits = rule(podOf(container), container.config.name, 'exit')
      const nth = runs.get(key) ?? 0
      runs.set(key, nth + 1)
      const exit = exits?.[Math.min(nth, exits.length - 1)]
      if (exit?.startError !== undefined) return exit.startError
      container.isStarted = true
      container.startedAt = sim.now()
      container.reply = reply
      if (exit?.after !== undefined && exit.after >= 0) {
        const { code = 0, reason, message } = exit
        end(container, code, reason, message, exit.after * 1000)
      }
      return undefined
    },
    stopContainer(id, graceMs) {
      const container = containers.get(id)
      if (container === undefined || !isRunning(container)) return
      const stop = rule(podOf(container), container.config.name, 'stop')
      if (stop?.ignore) end(container, 137, undefined, undefined, graceMs)
      else {
        const afterMs = (stop?.after ?? 0.2) * 1000
        if (afterMs > graceMs) end(container, 137, undefined, undefined, graceMs)
        else end(container, stop?.code ?? 0, undefined, undefined, afterMs)
      }
    },
    updateContainer(id) {
      const { config } = containers.get(id)!
      const error = rule(config.pod.metadata.name, config.name, 'resizeError')
      if (error === undefined) return undefined
      const [code, ...text] = error.split('|')
      return `rpc error: code = ${code} desc = ${text.join('|')}`
    },
    removeContainer: (id) => void containers.delete(id),
    exec(id, command, reply) {
      const container = containers.get(id)
      if (container === undefined) return
      const does: ExecBehaviour = rule(podOf(container), container.config.name, 'exec')?.[command.join(' ')] ?? {}
      const code = stepOf(does.codes, age(container), 0)
      const delayMs = (does.delay ?? 0) * 1000 + 1
      sim.schedule(delayMs, reply.to, {
        type: 'exec.done',
        token: reply.token,
        code,
        stdout: code === 0 ? '' : (does.out ?? ''),
        stderr: code === 0 ? '' : (does.stderr ?? ''),
      })
    },
    probe(_node, target, reply) {
      const at = [...containers.values()].find(
        (one) =>
          isRunning(one) &&
          one.config.podIP === target.host &&
          rule(podOf(one), one.config.name, 'ports')?.[target.port] !== undefined,
      )
      const port = at && rule(podOf(at), at.config.name, 'ports')?.[target.port]
      const result = at && port ? answer(at, port, target) : { kind: 'refused' }
      if (result !== undefined) sim.schedule(1, reply.to, { type: 'probe.answered', token: reply.token, result })
    },
    logs: () => [],
    terminationMessage: () => undefined,
    usage: () => ({ cpuMilli: 0, memoryBytes: 0 }),
    powerOff() {
      for (const container of containers.values()) {
        if (container.timer !== undefined && isRunning(container)) sim.cancel(container.timer)
        container.timer = undefined
        container.endsAt = sim.now()
      }
    },
    behave: (behaviour) => void rules.unshift(behaviour),
    labelOf: (id) => labels.get(id.replace('containerd://', '')),
    ipOf: (uid) => ips.get(uid),
    kill(pod, name, code) {
      for (const container of containers.values())
        if (podOf(container) === pod && container.config.name === name && isRunning(container)) end(container, code)
    },
    running: (pod) =>
      [...containers.values()].filter((one) => podOf(one) === pod && isRunning(one)).map(({ config }) => config.name),
  }
}
