/** A moment on the virtual clock in two parts: `01:12` and `.430`; `1:02:03` from an hour on. */
export function clockParts(ms: number): { whole: string; fraction: string } {
  const total = Math.max(0, Math.floor(ms))
  const seconds = Math.floor(total / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const tail = `${pad(minutes)}:${pad(seconds % 60)}`
  return { whole: hours > 0 ? `${hours}:${tail}` : tail, fraction: `.${String(total % 1000).padStart(3, '0')}` }
}

/** `01:12`. */
export function clock(ms: number): string {
  return clockParts(ms).whole
}

/** `01:12.4`, as lists of events show it. */
export function clockTenths(ms: number): string {
  const { whole, fraction } = clockParts(ms)
  return whole + fraction.slice(0, 2)
}

/** What is left of a wait, in one or two figures: `24s`, `5m`. */
export function shortWait(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  if (seconds < 100) return `${seconds}s`
  return seconds < 6000 ? `${Math.round(seconds / 60)}m` : `${Math.round(seconds / 3600)}h`
}

/** Cores, with one decimal or two: 1300 → `1.3`, 1150 → `1.15`. */
export function cores(milli: number): string {
  const text = (milli / 1000).toFixed(2)
  return text.endsWith('0') ? text.slice(0, -1) : text
}

/** Memory against a scale: the unit follows the larger figure, so that both are read alike. */
export function memoryUnit(bytes: number): { unit: 'Gi' | 'Mi'; of: (bytes: number) => string } {
  if (bytes >= 2 ** 30) return { unit: 'Gi', of: (value) => (value / 2 ** 30).toFixed(1) }
  return { unit: 'Mi', of: (value) => String(Math.round(value / 2 ** 20)) }
}

/** A speed as its button says it: `⅒×`, `60×`. */
export function speedLabel(speed: number): string {
  return speed === 0.1 ? '⅒×' : `${speed}×`
}

/** `Pod/default/web-7c5ddbdf54-x8k2p` → `pod/web-…-x8k2p`, for places where room is short. */
export function shortObject(object: string): string {
  const parts = object.split('/')
  const name = parts.at(-1) ?? ''
  const pieces = name.split('-')
  const short = pieces.length > 2 ? `${pieces[0]}-…-${pieces.at(-1)}` : name
  return parts.length > 1 ? `${(parts[0] ?? '').toLowerCase()}/${short}` : short
}

const components: Readonly<Record<string, string>> = {
  'kube-apiserver': 'API server',
  'kube-scheduler': 'Scheduler',
  'kube-controller-manager': 'Controller manager',
}

/** What the page calls a component of the control plane; any other by its own name. */
export function componentName(name: string): string {
  return components[name] ?? name
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
