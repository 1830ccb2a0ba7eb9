import { Environment, type ParseResult } from '@marcbachmann/cel-js'
import type { KubeObject } from './objects.ts'
import { conditionOf, isReadyPod, isSettled, ownerChain } from './objects.ts'
import type { Sight } from './sight.ts'

/** A compiled expression. */
export type Expression = ParseResult

/** `was` in an expression: the objects at the start of the step. */
class Was {}

/** What an expression may name besides its words. */
export const constants = Object.freeze({ was: new Was() })

/** Kinds that have a word of their own: `deploy("web")` is `get("Deployment", "web")`. */
const shorthands: Readonly<Record<string, string>> = {
  pod: 'Pod',
  deploy: 'Deployment',
  node: 'Node',
  svc: 'Service',
  rs: 'ReplicaSet',
  sts: 'StatefulSet',
  ds: 'DaemonSet',
  job: 'Job',
  cronjob: 'CronJob',
  cm: 'ConfigMap',
  secret: 'Secret',
  pvc: 'PersistentVolumeClaim',
  ns: 'Namespace',
  hpa: 'HorizontalPodAutoscaler',
  pdb: 'PodDisruptionBudget',
  ing: 'Ingress',
}

type Thing = KubeObject | null

/** The language of goals: CEL with the words that look at a cluster. `sight` is asked anew for each evaluation. */
export function createEnvironment(sight: () => Sight): Environment {
  const env = new Environment({
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 300, maxDepth: 40, maxListElements: 50, maxMapEntries: 50, maxCallArguments: 8 },
  })
  env.registerType('Was', { ctor: Was, fields: {} })
  env.registerVariable('was', 'Was')
  env.registerVariable('now', 'double', { description: 'virtual seconds since the start' })
  mixNumbers(env)

  const word = (signature: string, run: (...words: never[]) => unknown): void =>
    void env.registerFunction(signature, run)
  word('get(string, string): dyn', (kind: string, name: string) => sight().get(kind, name))
  word('get(string, string, string): dyn', (kind: string, name: string, ns: string) => sight().get(kind, name, ns))
  for (const [short, kind] of Object.entries(shorthands)) {
    word(`${short}(string): dyn`, (name: string) => sight().get(kind, name))
    word(`${short}(string, string): dyn`, (name: string, ns: string) => sight().get(kind, name, ns))
  }
  word('list(string): dyn', (kind: string) => sight().list(kind))
  word('list(string, string): dyn', (kind: string, selector: string) => sight().list(kind, selector))
  word('list(string, string, string): dyn', (kind: string, selector: string, ns: string) =>
    sight().list(kind, selector, ns),
  )
  word('pods(string): dyn', (selector: string) => sight().list('Pod', selector, 'default'))
  word('pods(string, string): dyn', (selector: string, ns: string) => sight().list('Pod', selector, ns))
  word('Was.get(string, string): dyn', (_: Was, kind: string, name: string) => sight().was(kind, name))
  word('Was.get(string, string, string): dyn', (_: Was, kind: string, name: string, ns: string) =>
    sight().was(kind, name, ns),
  )
  word('Was.list(string): dyn', (_: Was, kind: string) => sight().wasList(kind))
  word('Was.list(string, string): dyn', (_: Was, kind: string, selector: string) => sight().wasList(kind, selector))

  word('isReady(dyn): bool', (pod: Thing) => isReadyPod(pod))
  word('ready(string): int', (selector: string) => countReady(sight().list('Pod', selector, 'default')))
  word('ready(string, string): int', (selector: string, ns: string) => countReady(sight().list('Pod', selector, ns)))
  word('settled(dyn): bool', (workload: Thing) => isSettled(workload))
  word('cond(dyn, string): dyn', (object: Thing, type: string) => conditionOf(object, type))
  word('uids(dyn): dyn', (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.uid ?? ''))
  word('ownedBy(dyn, string): bool', (object: Thing, kind: string) =>
    owners(object).some((owner) => owner.kind === kind),
  )
  word('ownedBy(dyn, string, string): bool', (object: Thing, kind: string, name: string) =>
    owners(object).some((owner) => owner.kind === kind && owner.name === name),
  )

  word('reach(string, string): string', (from: string, url: string) => sight().reach(from, url))
  word('served(string, string): string', (from: string, url: string) => sight().served(from, url))
  word('traffic(string): dyn', (name: string) => sight().traffic(name))
  word('component(string): bool', (name: string) => sight().isUp(name))
  word('cost(): dyn', () => sight().cost())
  word('machines(string): int', (group: string) => BigInt(sight().machines(group)))
  word('decision(string): dyn', (pod: string) => sight().decision(`default/${pod}`))
  word('decision(string, string): dyn', (pod: string, ns: string) => sight().decision(`${ns}/${pod}`))
  word('events(string): dyn', (reason: string) => sight().events(reason))
  word('seen(string): dyn', (type: string) => sight().records(type, {}, 'step'))
  word('seen(string, dyn): dyn', (type: string, fields: object) => sight().records(type, fields, 'step'))
  word('story(string): dyn', (type: string) => sight().records(type, {}, 'lesson'))
  word('story(string, dyn): dyn', (type: string, fields: object) => sight().records(type, fields, 'lesson'))
  return env

  function owners(object: Thing): ReturnType<typeof ownerChain> {
    return ownerChain(object, (kind, name, namespace) => sight().get(kind, name, namespace))
  }
}

function countReady(pods: readonly KubeObject[]): bigint {
  return BigInt(pods.filter(isReadyPod).length)
}

/** Numbers of objects are doubles, literals are ints: arithmetic takes both, as comparison does. */
function mixNumbers(env: Environment): void {
  const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  }
  for (const [sign, operate] of Object.entries(operations))
    for (const [left, right] of [
      ['int', 'double'],
      ['double', 'int'],
    ])
      env.registerOperator(`${left} ${sign} ${right}: double`, (a: number | bigint, b: number | bigint) =>
        operate(Number(a), Number(b)),
      )
}
