const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const year = 365 * day

/** How kubectl says an age: two units at most, the finer one only while it matters. */
// upstream: apimachinery/pkg/util/duration/duration.go HumanDuration
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / second)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  if (ms < 10 * minute) return pair(ms, minute, 'm', second, 's')
  if (ms < 180 * minute) return `${Math.trunc(ms / minute)}m`
  if (ms < 8 * hour) return pair(ms, hour, 'h', minute, 'm')
  if (ms < 48 * hour) return `${Math.trunc(ms / hour)}h`
  if (ms < 192 * hour) return pair(ms, day, 'd', hour, 'h')
  if (ms < 2 * year) return `${Math.trunc(ms / day)}d`
  if (ms < 8 * year) return pair(ms, year, 'y', day, 'd')
  return `${Math.trunc(ms / year)}y`
}

function pair(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const whole = Math.trunc(ms / big)
  const rest = Math.trunc((ms - whole * big) / small)
  return rest === 0 ? `${whole}${bigName}` : `${whole}${bigName}${rest}${smallName}`
}

const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: second, m: minute, h: hour }

/** Milliseconds of a Go duration such as `1h30m` or `-.5s`; undefined for what is none. */
// upstream: Go's time.ParseDuration
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+|0)$/.exec(text)
  if (match === null) return undefined
  let total = 0
  for (const [, amount, unit] of match[2]!.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g))
    total += Number(amount) * units[unit!]!
  return match[1] === '-' ? -total : total
}

/** A duration as Go prints it: `1h0m0s`, `4s`, `-1.5s`. */
export function goDuration(ms: number): string {
  if (ms < 0) return `-${goDuration(-ms)}`
  if (ms < second) return ms === 0 ? '0s' : `${ms}ms`
  const hours = Math.trunc(ms / hour)
  const minutes = Math.trunc((ms % hour) / minute)
  const seconds = `${(ms % minute) / second}s`
  return hours > 0 ? `${hours}h${minutes}m${seconds}` : minutes > 0 ? `${minutes}m${seconds}` : seconds
}
