import { authorization } from './authorization.ts'
import { tableOf } from './define.ts'
import { kubernetes } from './kubernetes.ts'
import { networks } from './network.ts'
import { conversions, operators } from './operators.ts'
import { optionals, texts, times } from './text.ts'

export { takes, type Overload } from './define.ts'

/** Every function and operator, by name. */
export const functions = tableOf(
  operators,
  conversions,
  texts,
  times,
  optionals,
  networks,
  authorization,
  ...kubernetes,
)
