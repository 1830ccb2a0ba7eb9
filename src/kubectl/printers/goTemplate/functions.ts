import type { Bytes } from './bytes.ts'
import { isEqualToAny, isLess, isLessOrEqual } from './comparing.ts'
import { decodeBase64, escapeHtml, escapeJs, escapeQuery } from './escaping.ts'
import { CallError } from './failure.ts'
import { exists, indexInto, lengthOf, sliceOf } from './indexing.ts'
import { sprint, sprintln } from './print.ts'
import { sprintf } from './printf.ts'
import { isTrue, typeName, unbox, type Concrete, type Value } from './values.ts'

/** What a parameter takes: a value as it was found, what is inside it, or a string alone. */
export type Parameter = 'reflect.Value' | 'interface {}' | 'string'

/** A function of templates. */
export interface GoFunction {
  readonly fixed: readonly Parameter[]
  /** of all arguments beyond the fixed ones; undefined where there may be none */
  readonly variadic: Parameter | undefined
  /** Throws a CallError. */
  readonly run: (...args: Value[]) => Value
}

const define = (fixed: readonly Parameter[], variadic: Parameter | undefined, run: GoFunction['run']): GoFunction => ({
  fixed,
  variadic,
  run,
})

const ofValue: readonly Parameter[] = ['reflect.Value']
const ofTwo: readonly Parameter[] = ['reflect.Value', 'reflect.Value']

const comparison = (run: (a: Value, b: Value) => boolean): GoFunction => define(ofTwo, undefined, run)
const onText = (run: (text: Bytes) => Bytes): GoFunction =>
  define([], 'interface {}', (...args) => run(textOf(args.map(unbox))))

// `and`, `or` and `call` are carried out by whoever calls: the first two do not look at all their arguments, the
// third is told how its first argument is written.
const unreachable = (): Value => undefined

/** The functions a template knows: Go's own, and kubectl's two. */
// upstream: Go's text/template/funcs.go, cli-runtime/pkg/printers/template.go
export const functions: ReadonlyMap<Bytes, GoFunction> = new Map(
  Object.entries<GoFunction>({
    and: define(ofValue, 'reflect.Value', unreachable),
    or: define(ofValue, 'reflect.Value', unreachable),
    call: define(ofValue, 'reflect.Value', unreachable),
    not: define(ofValue, undefined, (value) => !isTrue(value)),
    len: define(ofValue, undefined, lengthOf),
    index: define(ofValue, 'reflect.Value', (item, ...indexes) => indexInto(item, indexes)),
    slice: define(ofValue, 'reflect.Value', (item, ...indexes) => sliceOf(item, indexes)),
    eq: define(ofValue, 'reflect.Value', (first, ...others) => isEqualToAny(first, others)),
    ne: comparison((a, b) => !isEqualToAny(a, [b])),
    lt: comparison(isLess),
    le: comparison(isLessOrEqual),
    gt: comparison((a, b) => !isLessOrEqual(a, b)),
    ge: comparison((a, b) => !isLess(a, b)),
    html: onText(escapeHtml),
    js: onText(escapeJs),
    urlquery: onText(escapeQuery),
    print: define([], 'interface {}', (...args) => sprint(args.map(unbox))),
    println: define([], 'interface {}', (...args) => sprintln(args.map(unbox))),
    printf: define(['string'], 'interface {}', (format, ...args) => sprintf(format as Bytes, args.map(unbox))),
    exists: define(['interface {}'], 'interface {}', (item, ...indexes) => exists(item, indexes)),
    base64decode: define(['string'], undefined, (text) => decodeBase64(text as Bytes)),
  }),
)

/** What stands where a value is missing. */
export const noValue = '<no value>'

function textOf(values: readonly (Concrete | undefined)[]): Bytes {
  return sprint(values.map((value) => value ?? noValue))
}

/** The complaint of `call`, as no value is a function; `name` is how the value is written. */
export function refuseCall(name: Bytes, value: Value): CallError {
  const inner = unbox(value)
  return new CallError(inner === undefined ? 'call of nil' : `non-function ${name} of type ${typeName(inner)}`)
}
