import type { Taint } from '../nodeInfo.ts'

/** What a remedy changes. */
export type RemedyKind =
  | 'uncordon'
  | 'removeTaint'
  | 'addToleration'
  | 'labelNode'
  | 'relaxSelector'
  | 'relaxSpread'
  | 'relaxAffinity'
  | 'dropHostPort'
  | 'requestLess'
  | 'deletePods'
  | 'raisePriority'
  | 'removeGate'
  | 'createClaim'
  | 'createVolume'
  | 'addNode'

/** One smallest change that would place a pod, found by asking the scheduler's own plugins about a changed cluster. */
export interface Remedy {
  readonly kind: RemedyKind
  /** what to do, in one plain sentence */
  readonly sentence: string
  /** the node the pod could then go to */
  readonly node: string
  /** how much of a change it is; the list is sorted by it, the smallest first */
  readonly size: number
  /** the ordinary requests that make the change, in this order */
  readonly apply: readonly RemedyStep[]
}

/** A kubectl command, without the word `kubectl`; or a machine that joins. */
export type RemedyStep =
  { readonly argv: readonly string[]; readonly stdin?: string } | { readonly machine: MachineOrder }

/** A machine to be put up, as a scenario orders one. */
export interface MachineOrder {
  readonly name: string
  readonly cpu: string
  readonly memory: string
  readonly pods: number
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly Taint[]
  readonly extended: Readonly<Record<string, string>>
  readonly ephemeralStorage?: string
  readonly zone?: string
}

/** What `apply` would look like typed at a prompt. */
export function commandOf(step: RemedyStep): string {
  if ('machine' in step) return machineText(step.machine)
  const line = `kubectl ${step.argv.map(quoted).join(' ')}`
  return step.stdin === undefined ? line : `${line} <<'EOF'\n${step.stdin}\nEOF`
}

/** No command makes a machine: what the page's button does, in words. */
function machineText({ name, cpu, memory }: MachineOrder): string {
  return `Power on a new machine ${name} (${cpu} CPU, ${memory}): "Do it" beside this remedy in the Inspector`
}

function quoted(word: string): string {
  return isPlain(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function isPlain(word: string): boolean {
  return word !== '' && /^[\w@%+=:,./-]*$/.test(word)
}
