import { describe, expect, test } from 'vitest'
import { copyWorld } from '../../../../src/engine/sim/index.ts'
import { exitOf, podOf, stage, start, textOf } from './stage.ts'

const mebibyte = 1_048_576

describe('life of a container', () => {
  test('a command ends with its code and leaves its log', () => {
    const on = stage()
    const id = start(on, 'busybox:1.36', { command: ['sh', '-c', 'echo hi; echo oops >&2; sleep 2; exit 3'] })
    on.sim.advanceTo(1000)
    expect(exitOf(on, id)).toBeUndefined()
    on.sim.advanceTo(5000)
    expect(exitOf(on, id)).toMatchObject({ code: 3, reason: 'Error' })
    expect(on.runtime.logs(id)).toEqual([
      { at: 0, stream: 'stdout', text: 'hi' },
      { at: 0, stream: 'stderr', text: 'oops' },
    ])
  })

  test.each<[name: string, image: string, command: string[] | undefined, code: number, atMs: number]>([
    ['nginx stops at once', 'nginx:1.27', undefined, 0, 1040],
    ['a shell as pid 1 ignores SIGTERM', 'busybox', ['sh', '-c', 'while true; do sleep 1; done'], 137, 11_000],
    ['sleep as pid 1 ignores it too', 'busybox', ['sleep', '3600'], 137, 11_000],
    ['a trap makes it listen', 'busybox', ['sh', '-c', 'trap "exit 0" TERM; while true; do sleep 1; done'], 0, 2000],
    ['a trap with wait at once', 'ubuntu', ['bash', '-c', "trap 'exit 4' TERM; sleep 9999 & wait"], 4, 1000],
    ['a Go program dies of it with 2', 'gcr.io/google-samples/hello-app:2.0', undefined, 2, 1001],
    ['pause obeys', 'registry.k8s.io/pause:3.9', undefined, 0, 1000],
    ['ui finishes its work', 'dock.test/ui:1.0', undefined, 0, 6000],
    ['the deaf one', 'dock.test/forecast:1.0-deaf', undefined, 137, 11_000],
    ['an unknown image is a good citizen', 'example.com/shop/api:3', undefined, 0, 1200],
  ])('%s', (_, image, command, code, atMs) => {
    const on = stage()
    const id = start(on, image, command ? { command } : {})
    on.sim.advanceTo(1000)
    on.runtime.stopContainer(id, 10_000)
    on.sim.advanceTo(atMs - 1)
    expect(exitOf(on, id)).toBeUndefined()
    on.sim.advanceTo(atMs + 1)
    expect(exitOf(on, id)?.code).toBe(code)
  })

  test('memory over the limit is an OOM kill', () => {
    const on = stage()
    const stress = start(on, 'polinux/stress', {
      command: ['stress'],
      args: ['--vm', '1', '--vm-bytes', '250M'],
      limits: { memoryBytes: 100 * mebibyte },
    })
    const leaky = start(on, 'dock.test/leaky:1.0', { pod: podOf('leaky'), limits: { memoryBytes: 100 * mebibyte } })
    on.sim.advanceTo(10)
    expect(exitOf(on, stress)).toMatchObject({ code: 137, reason: 'OOMKilled' })
    on.sim.advanceTo(3900)
    expect(exitOf(on, leaky)).toBeUndefined()
    expect(on.runtime.usage(leaky).memoryBytes).toBeGreaterThan(90 * mebibyte)
    on.sim.advanceTo(4010)
    expect(exitOf(on, leaky)).toMatchObject({ code: 137, reason: 'OOMKilled' })
  })

  test.each([
    ['a name along PATH', ['nope'], 'exec: "nope": executable file not found in $PATH'],
    ['a path', ['/nope', 'x'], 'exec: "/nope": stat /nope: no such file or directory'],
    ['a file that is no program', ['/etc/passwd'], 'exec: "/etc/passwd": permission denied'],
  ])('runc refuses %s', (_, command, words) => {
    expect(() => start(stage(), 'nginx', { command })).toThrow(words)
  })

  test('a container without anything to read ends its shell', () => {
    const on = stage()
    const id = start(on, 'busybox')
    on.sim.advanceTo(10)
    expect(exitOf(on, id)).toMatchObject({ code: 0, reason: 'Completed' })
  })

  test('faults: kill, crash, hang, leak', () => {
    const on = stage()
    const [a, b, c] = ['a', 'b', 'c'].map((name) =>
      start(on, 'nginx', { pod: podOf(name), limits: { memoryBytes: 30 * mebibyte } }),
    )
    on.sim.advanceTo(500)
    on.runtime.kill(a!)
    on.runtime.crash(b!, 7)
    on.runtime.leak(c!, 10 * mebibyte)
    on.sim.advanceTo(600)
    expect(exitOf(on, a!)?.code).toBe(137)
    expect(exitOf(on, b!)?.code).toBe(7)
    on.sim.advanceTo(4000)
    expect(exitOf(on, c!)?.reason).toBe('OOMKilled')
    const d = start(on, 'nginx', { pod: podOf('d') })
    on.sim.advanceTo(5000)
    on.runtime.hang(d, true)
    on.runtime.stopContainer(d, 2000)
    on.sim.advanceTo(8000)
    expect(exitOf(on, d)?.code).toBe(137)
  })

  test('a node without power forgets everything in silence', () => {
    const on = stage()
    const id = start(on, 'nginx')
    on.sim.advanceTo(500)
    on.runtime.powerOff('node-1')
    on.sim.advanceTo(60_000)
    expect(on.answers.filter(({ type }) => type === 'process.exited')).toEqual([])
    expect(on.runtime.logs(id)).toEqual([])
  })
})

describe('exec and probes', () => {
  const done = (on: ReturnType<typeof stage>, token: string) => on.answers.find((one) => one.token === token)

  test('exec sees the same files as the main process', () => {
    const on = stage()
    const id = start(on, 'registry.k8s.io/busybox:1.27.2', {
      args: ['/bin/sh', '-c', 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'],
    })
    on.runtime.exec(id, ['cat', '/tmp/healthy'], { to: 'test', token: 'first' })
    on.sim.advanceTo(31_000)
    on.runtime.exec(id, ['cat', '/tmp/healthy'], { to: 'test', token: 'second' })
    on.runtime.exec(id, ['sh', '-c', 'echo $HOSTNAME; exit 9'], { to: 'test', token: 'third' })
    on.sim.advanceTo(32_000)
    expect(done(on, 'first')).toMatchObject({ code: 0, stdout: '' })
    expect(done(on, 'second')).toMatchObject({
      code: 1,
      stderr: "cat: can't open '/tmp/healthy': No such file or directory\n",
    })
    expect(done(on, 'third')).toMatchObject({ code: 9, stdout: 'web\n' })
  })

  test('an exec that never ends answers when its container does', () => {
    const on = stage()
    const id = start(on, 'nginx')
    on.runtime.exec(id, ['sleep', '999'], { to: 'test', token: 'long' })
    on.sim.advanceTo(1000)
    expect(done(on, 'long')).toBeUndefined()
    on.runtime.stopContainer(id, 5000)
    on.sim.advanceTo(3000)
    expect(done(on, 'long')).toMatchObject({ code: 137 })
  })

  test('an open shell answers line by line', () => {
    const on = stage()
    const id = start(on, 'busybox:1.36', { command: ['sleep', 'infinity'] })
    const shell = on.runtime.openExec(id, ['sh'], { tty: true })
    if ('error' in shell) throw new Error(shell.error)
    expect(on.runtime.takeExec(shell)).toEqual({ stdout: '/ # ', stderr: '', code: undefined })
    on.runtime.writeExec(shell, 'cd /tmp\necho $((6*7))\nfor i in 1 2\n')
    expect(on.runtime.takeExec(shell).stdout).toBe('/tmp # 42\n/tmp # > ')
    on.runtime.writeExec(shell, 'do echo $i; done; sleep 100\n')
    expect(on.runtime.takeExec(shell).stdout).toBe('1\n2\n')
    on.runtime.signalExec(shell, 'INT')
    expect(on.runtime.takeExec(shell).stdout).toBe('\n/tmp # ')
    on.runtime.writeExec(shell, 'exit 3\n')
    expect(on.runtime.takeExec(shell).code).toBe(3)
    on.runtime.closeExec(shell)
  })

  test('http, tcp and refused', () => {
    const on = stage()
    const ip = '10.244.1.2'
    start(on, 'dock.test/forecast:1.0')
    const ask = (token: string, path: string, port = 8080) =>
      on.runtime.probe(
        'node-1',
        { kind: 'http', host: ip, port, path, scheme: 'HTTP', headers: [] },
        { to: 'test', token },
      )
    ask('loading', '/ready')
    on.sim.advanceTo(26_000)
    ask('ready', '/ready')
    ask('port', '/ready', 9)
    on.runtime.probe('node-1', { kind: 'tcp', host: ip, port: 8080 }, { to: 'test', token: 'tcp' })
    on.sim.advanceTo(27_000)
    ask('wedge', '/wedge')
    ask('live', '/live')
    on.sim.advanceTo(28_000)
    expect(done(on, 'loading')).toMatchObject({ result: { kind: 'refused' } })
    expect(done(on, 'ready')).toMatchObject({ result: { kind: 'http', status: 200 } })
    expect(done(on, 'port')).toMatchObject({ result: { kind: 'refused' } })
    expect(done(on, 'tcp')).toMatchObject({ result: { kind: 'tcp' } })
    expect(done(on, 'live')).toMatchObject({ result: { kind: 'http', status: 500 } })
  })

  test('what a service costs, and what it answers', () => {
    const on = stage()
    const id = start(on, 'dock.test/forecast:1.0', { limits: { cpuMilli: 500 } })
    on.sim.advanceTo(26_000)
    const service = on.runtime.serviceOf(id, 8080)!
    expect(service).toMatchObject({ latencyMs: 22, cpuPerRequestMilli: 20 })
    expect([service.statusFor('/predict'), on.runtime.serviceOf(id, 81)]).toEqual([200, undefined])
    on.runtime.setRate(id, 10)
    expect(on.runtime.usage(id).cpuMilli).toBeGreaterThanOrEqual(200)
    on.runtime.setRate(id, 100)
    expect(on.runtime.usage(id).cpuMilli).toBe(500)
  })
})

describe('one pod', () => {
  test('containers share storage, network and ports', () => {
    const on = stage()
    const pod = podOf('pair')
    const mounts = [{ path: '/usr/share/nginx/html', isReadOnly: false, storage: 'uid-pair/html' }]
    start(on, 'nginx', { pod, mounts })
    start(on, 'debian', {
      pod,
      name: 'writer',
      command: ['/bin/sh', '-c', 'echo Hello > /pod-data/index.html'],
      mounts: [{ ...mounts[0]!, path: '/pod-data' }],
    })
    const client = start(on, 'curlimages/curl', {
      pod,
      name: 'client',
      command: ['sh', '-c', 'sleep 1; curl -s localhost; curl -s localhost:81'],
    })
    const second = start(on, 'nginx', { pod, name: 'second' })
    on.sim.advanceTo(5000)
    expect(textOf(on, client)).toBe('Hello\n')
    expect(exitOf(on, client)?.code).toBe(7)
    expect(exitOf(on, second)?.code).toBe(1)
    expect(textOf(on, second)).toContain('Address already in use')
    expect(on.world.trace.tail.filter(({ what }) => what === 'request').map(({ detail }) => detail)).toMatchObject([
      { outcome: 'ok', from: 'pair/client' },
      { outcome: 'refused' },
    ])
  })

  test('a follower hears of another container at once', () => {
    const on = stage()
    const pod = podOf('logs')
    const mounts = [{ path: '/var/log', isReadOnly: false, storage: 'uid-logs/varlog' }]
    start(on, 'busybox:1.28', {
      pod,
      mounts,
      args: ['/bin/sh', '-c', 'i=0; while true; do echo "$i: $(date)" >> /var/log/1.log; i=$((i+1)); sleep 1; done'],
    })
    const tail = start(on, 'busybox:1.28', {
      pod,
      mounts,
      name: 'tail',
      args: ['/bin/sh', '-c', 'tail -n+1 -F /var/log/1.log'],
    })
    on.sim.advanceTo(2500)
    expect(textOf(on, tail)).toBe(
      '0: Tue Sep  1 08:00:00 UTC 2026\n1: Tue Sep  1 08:00:01 UTC 2026\n2: Tue Sep  1 08:00:02 UTC 2026\n',
    )
    expect(on.sim.isSettled()).toBe(true)
  })

  test('projected volumes are read-only and change under the process', () => {
    const on = stage()
    const id = start(on, 'busybox', {
      command: ['sh', '-c', 'cat /etc/config/color; echo x > /etc/config/y; sleep 5; cat /etc/config/color'],
      mounts: [{ path: '/etc/config', isReadOnly: true, storage: 'c', files: { color: 'red\n' } }],
    })
    on.sim.advanceTo(1000)
    on.runtime.updateMount(id, '/etc/config', { color: 'blue\n' })
    on.sim.advanceTo(9000)
    expect(textOf(on, id)).toBe("red\nsh: can't create /etc/config/y: Read-only file system\nblue\n")
  })

  test('identity, hosts and the file system follow the pod', () => {
    const on = stage()
    const pod = podOf('who', {
      containers: [{ name: 'main', image: '', securityContext: { runAsUser: 1000, readOnlyRootFilesystem: false } }],
      securityContext: { fsGroup: 2000, runAsGroup: 3000 },
      hostAliases: [{ ip: '10.1.2.3', hostnames: ['foo.local'] }],
    })
    const id = start(on, 'busybox', {
      pod,
      command: ['sh', '-c', 'id; touch /x; touch /tmp/x && tail -3 /etc/hosts; head -1 /etc/resolv.conf'],
    })
    on.sim.advanceTo(100)
    expect(textOf(on, id)).toBe(
      'uid=1000 gid=3000 groups=3000,2000\ntouch: /x: Permission denied\n\n# Entries added by HostAliases.\n10.1.2.3\tfoo.local\nsearch default.svc.cluster.local svc.cluster.local cluster.local\n',
    )
  })

  test('the trainer saves, resumes and uploads', () => {
    const on = stage()
    const mounts = [{ path: '/ckpt', isReadOnly: false, storage: 'pvc/checkpoints' }]
    const env = [
      { name: 'CHECKPOINT_DIR', value: '/ckpt' },
      { name: 'EPOCHS', value: '3' },
      { name: 'RESULT_URL', value: 's3://tide-models/run-1' },
    ]
    const first = start(on, 'dock.test/trainer:1.0', { mounts, env })
    on.sim.advanceTo(65_000)
    on.runtime.kill(first)
    const second = start(on, 'dock.test/trainer:1.0', { mounts, env, attempt: 1 })
    on.sim.advanceTo(100_000)
    expect(textOf(on, second)).toContain('resuming after epoch 2 of 3')
    expect(exitOf(on, second)?.code).toBe(0)
    expect([...on.runtime.warehouse().keys()]).toEqual(['s3://tide-models/run-1'])
  })
})

describe('checkpoints', () => {
  test('a copy in the middle of a script goes on as the original does', () => {
    const on = stage()
    const script =
      'f() { for i in 1 2 3 4; do echo "$i $(date +%s) $1"; sleep 1; done | sed s/x/y/; }; trap "echo term; exit 6" TERM; n=0; while [ $n -lt 3 ]; do f x$n > /tmp/out; cat /tmp/out; n=$((n+1)); (sleep 1; echo sub) & wait; done; exit 4'
    const id = start(on, 'busybox', { command: ['sh', '-c', script] })
    on.sim.advanceTo(6500)
    const copy = stage(copyWorld(on.world))
    for (const one of [on, copy]) one.sim.advanceTo(30_000)
    expect(exitOf(copy, id)).toMatchObject({ code: 4 })
    expect(copy.runtime.logs(id)).toEqual(on.runtime.logs(id))
    expect(copy.world.clock).toEqual(on.world.clock)
    expect(textOf(on, id).split('\n')).toHaveLength(16)
  })

  test('a fork that is stopped does not touch the original', () => {
    const on = stage()
    const id = start(on, 'nginx')
    on.sim.advanceTo(500)
    const copy = stage(copyWorld(on.world))
    copy.runtime.stopContainer(id, 1000)
    copy.sim.advanceTo(3000)
    on.sim.advanceTo(3000)
    expect(exitOf(copy, id)?.code).toBe(0)
    expect(exitOf(on, id)).toBeUndefined()
    expect(on.runtime.serviceOf(id, 80)?.statusFor('/')).toBe(200)
    expect(copy.runtime.serviceOf(id, 80)).toBeUndefined()
  })
})

test('starting a plain server is cheap', () => {
  const on = stage()
  const run = (count: number, from: number): number => {
    const started = process.cpuUsage().user
    for (let index = 0; index < count; index++) start(on, 'nginx:1.27', { pod: podOf(`p${from + index}`) })
    on.sim.advanceTo(on.sim.now() + 1000)
    return (process.cpuUsage().user - started) / count
  }
  run(300, 0)
  const each = Math.min(run(500, 1000), run(500, 2000), run(500, 3000))
  console.log(`nginx start: ${each.toFixed(1)} µs`)
  // generous: other work may hold the processor
  expect(each).toBeLessThan(2000)
})
