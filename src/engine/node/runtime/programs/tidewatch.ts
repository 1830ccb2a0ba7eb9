import { complain, environmentOf, filesOf, isFileError, print, surroundingsOf, variableOf } from '../kernel/io.ts'
import { useMemory } from '../kernel/processes.ts'
import { defineTool, type Call, type Step } from '../kernel/tool.ts'
import { defineServer, ok, refusal, serverMemo } from './server.ts'

const mebibyte = 1_048_576

function versionOf(call: Call): string {
  return variableOf(call, 'APP_VERSION') ?? '1.0'
}

/** The public page of the lessons' ferry company. It serves `/app/banner`, and keeps serving for five seconds after SIGTERM. */
export const ui = defineServer({
  names: ['ui'],
  ports: [8080],
  startMs: 1000,
  says: (call, moment) =>
    moment === 'ready'
      ? `ui ${versionOf(call)}: listening on 8080\n`
      : moment === 'stop'
        ? 'ui: told to stop, finishing what is under way\n'
        : '',
  answer(call, _, request) {
    const path = request.path.split('?')[0]
    if (path === '/crash') {
      call.process.signals.push('CRASH')
      return refusal(500, 'crashing\n')
    }
    if (path === '/ready') return versionOf(call).endsWith('-mute') ? refusal(503, 'not ready\n') : ok('ready\n')
    if (path === '/live') return ok('alive\n')
    const banner = filesOf(call).read('/app/banner')
    return isFileError(banner) ? refusal(500, 'no banner\n') : ok(banner)
  },
  cpuMs: 1,
  latencyMs: 3,
  memoryBytes: 24 * mebibyte,
  stop: { afterMs: 5000, code: 0, keepsServing: true },
  signals: (call, name) => crash(call, name, 'ui'),
})

function crash(call: Call, name: string, who: string): Step | 'default' {
  if (name !== 'CRASH') return 'default'
  complain(call, `${who}: fatal: asked to crash\n`)
  return 1
}

/** The model behind the page: 25 seconds to load, 20 ms of CPU a request. */
export const forecast = defineServer({
  names: ['forecast'],
  ports: [8080],
  startMs: 25_000,
  check(call) {
    if (!versionOf(call).startsWith('2.') || variableOf(call, 'REGION')) return undefined
    complain(call, 'forecast: fatal: environment variable REGION is not set\n')
    return 1
  },
  says: (call, moment) =>
    moment === 'start'
      ? `forecast ${versionOf(call)}: loading the model\n`
      : moment === 'ready'
        ? 'forecast: model loaded, listening on 8080\n'
        : 'forecast: told to stop\n',
  answer(call, _, request) {
    const memo = serverMemo(call)
    const path = request.path.split('?')[0]
    if (path === '/wedge') {
      memo.isWedged = true
      call.kernel.host.answersChanged(call.kernel)
    }
    if (path === '/crash') call.process.signals.push('CRASH')
    if (memo.isWedged) return refusal(500, 'wedged\n')
    if (path === '/live' || path === '/ready' || path === '/wedge') return ok('ok\n')
    const region = variableOf(call, 'REGION')
    return ok(
      `{"delayMinutes": ${(call.process.pid * 7 + memo.requests * 3) % 19}${region ? `, "region": "${region}"` : ''}, "by": "${surroundingsOf(call).hostname}"}\n`,
      'application/json',
    )
  },
  cpuMs: 20,
  latencyMs: 22,
  memoryBytes: 180 * mebibyte,
  stop: { afterMs: 300, code: 0 },
  signals: (call, name) =>
    name === 'TERM' && versionOf(call).endsWith('-deaf') ? 'ignored' : crash(call, name, 'forecast'),
})

const epochMs = { cpu: 30_000, gpu: 3000 }

/** Trains in epochs; it can save its state after each and resume from there. */
export const trainer = defineTool({
  names: ['trainer'],
  step(call) {
    const { host } = call.kernel
    const { memo } = call.process
    const environment = environmentOf(call)
    const own = (memo.own ??= begin(call)) as TrainerMemo
    if (environment.DATA === 'broken') {
      if (host.now() < own.startedAt + 5000) return { for: 'time', until: own.startedAt + 5000 }
      complain(
        call,
        'Traceback (most recent call last):\n  File "/app/train.py", line 42, in load\nValueError: could not parse row 7 of tides.csv\n',
      )
      return 42
    }
    while (own.epoch < own.epochs) {
      if (host.now() < own.until) return { for: 'time', until: own.until }
      own.epoch++
      print(call, `epoch ${own.epoch}/${own.epochs} loss ${(1 / (own.epoch + 1)).toFixed(3)}\n`)
      saveCheckpoint(call, own.epoch)
      own.until = host.now() + own.epochMs
    }
    const url = environment.RESULT_URL
    if (url) {
      host.upload(url, `model after ${own.epochs} epochs\n`)
      print(call, `uploaded the model to ${url}\n`)
    }
    print(call, 'training complete\n')
    return 0
  },
  signal: (call, name) => {
    if (name === 'CRASH') return crash(call, name, 'trainer')
    if (name !== 'TERM') return 'default'
    print(call, 'trainer: told to stop\n')
    return 143
  },
})

interface TrainerMemo {
  epoch: number
  epochs: number
  epochMs: number
  until: number
  startedAt: number
}

function begin(call: Call): TrainerMemo {
  const { host } = call.kernel
  const environment = environmentOf(call)
  const epochs = Math.max(0, Math.min(10_000, Number(environment.EPOCHS ?? 5) || 0))
  const pace = surroundingsOf(call).hasGpu ? epochMs.gpu : epochMs.cpu
  const folder = environment.CHECKPOINT_DIR
  const saved = folder ? filesOf(call).read(`${folder}/epoch`) : ''
  const epoch = typeof saved === 'string' ? Math.min(epochs, Number.parseInt(saved, 10) || 0) : 0
  print(
    call,
    epoch > 0
      ? `resuming after epoch ${epoch} of ${epochs}\n`
      : `training for ${epochs} epochs on ${surroundingsOf(call).hasGpu ? 'GPU' : 'CPU'}\n`,
  )
  call.process.cpuMilli = surroundingsOf(call).hasGpu ? 200 : 1000
  useMemory(call.kernel, call.process, 300 * mebibyte)
  return { epoch, epochs, epochMs: pace, until: host.now() + pace, startedAt: host.now() }
}

function saveCheckpoint(call: Call, epoch: number): void {
  const { host } = call.kernel
  const folder = variableOf(call, 'CHECKPOINT_DIR')
  if (!folder) return
  const path = `${folder}/epoch`
  const error = filesOf(call).write(path, `${epoch}\n`, false)
  if (error) complain(call, `trainer: could not save to ${path}: ${error.error}\n`)
  else host.record(call.kernel, 'checkpoint.saved', { path, epoch })
}

/** Takes 20 MiB more each second. */
export const leaky = defineTool({
  names: ['leaky'],
  step(call): Step {
    if (call.process.memory.bytesPerSecond === 0) useMemory(call.kernel, call.process, 20 * mebibyte, 20 * mebibyte)
    return { for: 'ever' }
  },
  signal: (_, name) => (name === 'TERM' ? 0 : 'default'),
})

/** Takes all the CPU it can. */
export const hog = defineTool({
  names: ['hog'],
  step(call): Step {
    call.process.cpuMilli = 4000
    return { for: 'ever' }
  },
  signal: (_, name) => (name === 'TERM' ? 0 : 'default'),
})

/** A quiet agent for every node. */
export const collector = defineTool({
  names: ['collector'],
  step(call): Step {
    if (call.process.cpuMilli === 0) {
      call.process.cpuMilli = 5
      useMemory(call.kernel, call.process, 30 * mebibyte)
      print(call, `collector: watching ${surroundingsOf(call).node || surroundingsOf(call).hostname}\n`)
    }
    return { for: 'ever' }
  },
  signal: (_, name) => (name === 'TERM' ? 0 : 'default'),
})
