import { formatTime, parseTime } from '../../../api/index.ts'
import { argumentsOf, complain, parseOptions, print } from '../kernel/io.ts'
import { defineTool } from '../kernel/tool.ts'

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const longDays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const longMonths = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

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
    print(
      call,
      `${formatDate(at, format?.slice(1) ?? (isIso ? '%Y-%m-%d' : flags.R ? '%a, %d %b %Y %T +0000' : '%a %b %e %T UTC %Y'))}\n`,
    )
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

const lastTexts = new Map<string, { readonly second: number; readonly text: string }>()

/** A virtual moment by a format of `date`. */
export function formatDate(atMs: number, format: string): string {
  const second = Math.floor(atMs / 1000)
  const last = lastTexts.get(format)
  if (last?.second === second) return last.text
  const text = formatted(atMs, format)
  if (lastTexts.size > 200) lastTexts.clear()
  if (!format.includes('N')) lastTexts.set(format, { second, text })
  return text
}

function formatted(atMs: number, format: string): string {
  const iso = formatTime(atMs)
  return format.replace(/%([-3]?)([A-Za-z%])/g, (whole, modifier: string, letter: string) => {
    const value = field(letter, atMs, iso)
    if (value === undefined) return whole
    if (modifier === '3') return value.slice(0, 3)
    return modifier === '-' ? value.replace(/^[0 ]+(?=\d)/, '') : value
  })
}

function field(letter: string, atMs: number, iso: string): string | undefined {
  const [year, month, day] = [Number(iso.slice(0, 4)), Number(iso.slice(5, 7)), Number(iso.slice(8, 10))]
  const unix = Math.floor(unixStart + atMs / 1000)
  const weekday = (Math.floor(unix / 86_400) + 4) % 7
  const hour = iso.slice(11, 13)
  switch (letter) {
    case 'Y':
      return iso.slice(0, 4)
    case 'y':
      return iso.slice(2, 4)
    case 'm':
      return iso.slice(5, 7)
    case 'd':
      return iso.slice(8, 10)
    case 'e':
      return String(day).padStart(2)
    case 'H':
      return hour
    case 'I':
      return String(Number(hour) % 12 || 12).padStart(2, '0')
    case 'M':
      return iso.slice(14, 16)
    case 'S':
      return iso.slice(17, 19)
    case 'T':
      return iso.slice(11, 19)
    case 'R':
      return iso.slice(11, 16)
    case 'F':
      return iso.slice(0, 10)
    case 'D':
      return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(2, 4)}`
    case 'a':
      return days[weekday]
    case 'A':
      return longDays[weekday]
    case 'b':
    case 'h':
      return months[month - 1]
    case 'B':
      return longMonths[month - 1]
    case 'c':
      return `${days[weekday]} ${months[month - 1]} ${String(day).padStart(2)} ${iso.slice(11, 19)} ${year}`
    case 'p':
      return Number(hour) < 12 ? 'AM' : 'PM'
    case 'Z':
      return 'UTC'
    case 'z':
      return '+0000'
    case 's':
      return String(unix)
    case 'N':
      return String(Math.round((((atMs % 1000) + 1000) % 1000) * 1e6)).padStart(9, '0')
    case 'j':
      return String(Math.floor((unix - unixStart - parseTime(`${year}-01-01T00:00:00Z`) / 1000) / 86_400) + 1).padStart(
        3,
        '0',
      )
    case 'u':
      return String(weekday || 7)
    case 'w':
      return String(weekday)
    case 'n':
      return '\n'
    case 't':
      return '\t'
    default:
      return letter === '%' ? '%' : undefined
  }
}
