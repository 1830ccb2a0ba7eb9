import {
  argumentsOf,
  complain,
  defineTool,
  fateText,
  leavingOf,
  nodeStanding,
  print,
  whyText,
  type Pod,
  type Tool,
} from '#engine'
import type { Session } from './session.ts'

const usage = `Asks the simulated cluster what a real one cannot say.

Usage:
  drydock why pod/NAME [-n NAMESPACE]   why a pod is where it is, or nowhere, and what would place it
  drydock why node/NAME                 why a node is Ready or not, what follows, and whether the cluster autoscaler keeps it
`

/** What a command line said, and how it ended. */
export interface DrydockAnswer {
  readonly out: string
  readonly err: string
  readonly code: number
}

/** `drydock why pod/NAME`, `drydock why node/NAME`: a decision and what would change it, as text. Reads only. */
export function runDrydock(session: Session, argv: readonly string[]): DrydockAnswer {
  const { words, namespace } = parse(argv)
  const [verb, ...rest] = words
  if (verb === undefined || verb === 'help' || argv.includes('--help')) return { out: usage, err: '', code: 0 }
  if (verb !== 'why') return failure(`unknown command "${verb}" for "drydock"`)
  const { kind, name } = targetOf(rest)
  if (!name || !Object.hasOwn(answers, kind))
    return failure('expected a pod or a node: drydock why pod/NAME, drydock why node/NAME')
  return answers[kind]!(session, name, namespace)
}

type Answering = (session: Session, name: string, namespace: string) => DrydockAnswer

const answers: Readonly<Record<string, Answering>> = {
  pod: whyPod,
  pods: whyPod,
  po: whyPod,
  node: whyNode,
  nodes: whyNode,
  no: whyNode,
}

function whyPod(session: Session, name: string, namespace: string): DrydockAnswer {
  const cluster = session.cluster()
  const why = cluster.why(`${namespace}/${name}`)
  if (why === undefined) return failure(`pods "${name}" not found in namespace "${namespace}"`)
  const pod = cluster.api.find<Pod>('Pod', name, { namespace })
  return { out: `${paragraph(pod ? leavingOf(cluster, pod) : [])}${whyText(why)}`, err: '', code: 0 }
}

function whyNode(session: Session, name: string): DrydockAnswer {
  const cluster = session.cluster()
  if (cluster.api.find('Node', name) === undefined) return failure(`nodes "${name}" not found`)
  const fate = cluster.autoscaler
    ? fateText(cluster.autoscaler.fate(name))
    : `${name} stays: no cluster autoscaler runs here.\n`
  return { out: `${paragraph(nodeStanding(cluster, name))}${fate}`, err: '', code: 0 }
}

/** Sentences, one a line, and an empty line after them. */
function paragraph(sentences: readonly string[]): string {
  return sentences.length === 0 ? '' : `${sentences.join('\n')}\n\n`
}

function failure(message: string): DrydockAnswer {
  return { out: '', err: `error: ${message}\n`, code: 1 }
}

function parse(argv: readonly string[]): { readonly words: readonly string[]; readonly namespace: string } {
  const words: string[] = []
  let namespace = 'default'
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!
    if (word === '-n' || word === '--namespace') namespace = argv[++index] ?? namespace
    else if (word.startsWith('--namespace=')) namespace = word.slice('--namespace='.length)
    else if (word.startsWith('-n') && !word.startsWith('--')) namespace = word.slice(2).replace('=', '')
    else words.push(word)
  }
  return { words, namespace }
}

/** `pod/web`, `pods/web`, `pod web`, or a pod's name alone. */
function targetOf([first = '', second]: readonly string[]): { readonly kind: string; readonly name: string } {
  if (first.includes('/')) {
    const [kind = '', name = ''] = first.split('/')
    return { kind, name }
  }
  return second === undefined ? { kind: 'pod', name: first } : { kind: first, name: second }
}

/** The same as a command of the shell. */
export function drydockTool(session: Session): Tool {
  return defineTool({
    names: ['drydock'],
    step(call) {
      const { out, err, code } = runDrydock(session, argumentsOf(call))
      print(call, out)
      complain(call, err)
      return code
    },
  })
}
