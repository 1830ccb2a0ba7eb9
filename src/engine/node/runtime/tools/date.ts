import { formatTime, parseTime } from '../../../api/index.ts'
import { argumentsOf, complain, parseOptions, print } from '../kernel/io.ts'
import { defineTool } from '../kernel/tool.ts'

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const longDays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const longMonths = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

// the second that virtual time 0 is in Unix time
const unixStart = -parseTime('1970-01-01T00:00:00Z') / 1000

/** Prints the virtual time of day. */
export const date = defineTool({
  names: ['date'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['d', 'date', 'r', 's', 'D'])
    const now = call.kernel.host.now()
    const given = flags.d ?? flags.date
    const at = typeof given === 'string' ? momentOf(given, now) : now
    if (Number.isNaN(at)) {
      complain(call, `date: invalid date '${String(given)}'\n`)
      return 1
    }
    const format = operands.find((one) => one.startsWith('+'))
    const isIso = flags.I === true || Object.keys(flags).some((name) => name.startsWith('iso'))
    print(call, `${formatDate(at, format?.slice(1) ?? (isIso ? '%Y-%m-%d' : flags.R ? '%a, %d %b %Y %T +0000' : '%a %b %e %T UTC %Y'))}\n`)
    return 0
  },
})

function momentOf(text: string, now: number): number {
  if (/^@-?\d+$/.test(text)) return (Number(text.slice(1)) - unixStart) * 1000
  if (text === 'now') return now
  const relative = /^([+-]?\d+)\s+(sec|second|min|minute|hour|day)s?( ago)?$/.exec(text)
  if (relative) {
    const unit = { sec: 1, second: 1, min: 60, minute: 60, hour: 3600, day: 86_400 }[relative[2]!] ?? 1
    return now + Number(relative[1]) * unit * 1000 * (relative[3] ? -1 : 1)
  }
  const civil = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?)?(?: ?\+0000|Z)?$/.exec(text)
  return civil ? parseTime(`${civil[1]}T${civil[2] ?? '00:00'}${civil[3] ?? ':00'}Z`) : NaN
}

/** A virtual moment by a format of `date`. */
export function formatDate(atMs: number, format: string): string {
  const [day, clock] = formatTime(atMs).slice(0, -1).split('T') as [string, string]
  const [year, month, dayOfMonth] = day.split('-').map(Number) as [number, number, number]
  const [hour, minute, second] = clock.split(':') as [string, string, string]
  const unix = Math.floor(unixStart + atMs / 1000)
  const weekday = (Math.floor(unix / 86_400) + 4) % 7
  const yearStart = unixStart + parseTime(`${year}-01-01T00:00:00Z`) / 1000
  const nanos = String(Math.round((((atMs % 1000) + 1000) % 1000) * 1e6)).padStart(9, '0')
  const two = (value: number): string => String(value).padStart(2, '0')
  const twelve = Number(hour) % 12 || 12
  const fields: Record<string, string> = {
    Y: String(year),
    y: two(year % 100),
    m: two(month),
    d: two(dayOfMonth),
    e: String(dayOfMonth).padStart(2),
    H: hour,
    I: two(twelve),
    M: minute,
    S: second,
    T: clock,
    R: `${hour}:${minute}`,
    F: day,
    D: `${two(month)}/${two(dayOfMonth)}/${two(year % 100)}`,
    a: days[weekday]!,
    A: longDays[weekday]!,
    b: months[month - 1]!,
    B: longMonths[month - 1]!,
    h: months[month - 1]!,
    p: Number(hour) < 12 ? 'AM' : 'PM',
    Z: 'UTC',
    z: '+0000',
    s: String(unix),
    N: nanos,
    j: String(Math.floor((unix - yearStart) / 86_400) + 1).padStart(3, '0'),
    u: String(weekday || 7),
    w: String(weekday),
    c: `${days[weekday]} ${months[month - 1]} ${String(dayOfMonth).padStart(2)} ${clock} ${year}`,
    n: '\n',
    t: '\t',
    '%': '%',
  }
  return format.replace(/%([-3]?)([A-Za-z%])/g, (whole, modifier: string, letter: string) => {
    const value = fields[letter]
    if (value === undefined) return whole
    if (modifier === '3') return value.slice(0, 3)
    return modifier === '-' ? value.replace(/^[0 ]+(?=\d)/, '') : value
  })
}
