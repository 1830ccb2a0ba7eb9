import { demand, fieldsOf, flag, listOf, mapOf, oneOf, quantity, text, whole, type Check } from './checks.ts'

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const labelKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const labelWord = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/

/** A name that a machine can have. */
export const machineName: Check = (value, path) =>
  demand(
    typeof value === 'string' && value.length <= 63 && subdomain.test(value),
    path,
    'must be a name of small letters, digits, - and ., 63 characters at most',
  )

const key: Check = (value, path) =>
  demand(typeof value === 'string' && value.length <= 317 && labelKey.test(value), path, 'must be a label key')
const word: Check = (value, path) =>
  demand(typeof value === 'string' && labelWord.test(value), path, 'must be a label value')

const taint = fieldsOf({ key, value: word, effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute') }, [
  'key',
  'effect',
])

const parts = {
  cpu: quantity,
  memory: quantity,
  ephemeralStorage: quantity,
  pods: whole(0, 10_000),
  labels: mapOf(key, word, 50),
  taints: listOf(taint, 20),
  images: listOf(text(300), 50),
  zone: word,
  extended: mapOf(key, quantity, 20),
}

/** What the machines of a node group are like. */
export const machineTemplate = fieldsOf(parts)

/** One machine. */
export const machine = fieldsOf({ name: machineName, ...parts, isBooted: flag }, ['name'])
