import { CelError, compile, dyn, type Program, type Value } from '../../cel/index.ts'
import type { DeviceAttribute, OfferedDevice } from './types.ts'

const scope = new Map([['device', dyn]])

/** Read once, by their text: a memory of answers, no state. */
const programs = new Map<string, Program>()
const programsMax = 512

/** Whether a device is what all of the expressions ask for. */
// differs: an expression that cannot be worked out for a device does not match it; upstream gives the whole attempt up
export function isSelected(expressions: readonly string[], device: OfferedDevice): boolean {
  if (expressions.length === 0) return true
  const frame = { find: (name: string) => (name === 'device' ? valueOf(device) : undefined) }
  return expressions.every((expression) => {
    const program = programFor(expression)
    if (program.error !== undefined) return false
    try {
      return program.run(frame) === true
    } catch (error) {
      if (error instanceof CelError) return false
      throw error
    }
  })
}

/** What is wrong with an expression, if anything. */
export function complaintAbout(expression: string): string | undefined {
  return programFor(expression).error
}

function programFor(expression: string): Program {
  let program = programs.get(expression)
  if (program === undefined) {
    if (programs.size >= programsMax) programs.clear()
    programs.set(expression, (program = compile(expression, scope)))
  }
  return program
}

function valueOf({ driver, attributes, capacity }: OfferedDevice): Value {
  return new Map<Value, Value>([
    ['driver', driver],
    ['attributes', byDomain(driver, attributes, attributeValue)],
    ['capacity', byDomain(driver, capacity, ({ value = '0' }) => made('quantity', value))],
  ])
}

/** Names without a domain belong to the driver's. */
function byDomain<T>(driver: string, entries: Readonly<Record<string, T>>, valueFor: (entry: T) => Value): Value {
  const domains = new Map<string, Map<string, Value>>([[driver, new Map()]])
  for (const [name, entry] of Object.entries(entries)) {
    const slash = name.indexOf('/')
    const domain = slash < 0 ? driver : name.slice(0, slash)
    const known = domains.get(domain) ?? new Map<string, Value>()
    domains.set(domain, known.set(name.slice(slash + 1), valueFor(entry)))
  }
  return domains
}

function attributeValue({ string, int, bool, version }: DeviceAttribute): Value {
  if (string !== undefined) return string
  if (int !== undefined) return BigInt(int)
  if (bool !== undefined) return bool
  return version === undefined ? null : made('semver', version)
}

/** A value that has no form of its own in JSON: `quantity("1Gi")`. */
function made(maker: 'quantity' | 'semver', text: string): Value {
  try {
    return compile(`${maker}(${JSON.stringify(text)})`, new Map()).run({ find: () => undefined })
  } catch (error) {
    if (error instanceof CelError) return null
    throw error
  }
}
