import { bornAt, builtIn, type BuiltIn } from './birth.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap/default.go

const apiVersion = 'flowcontrol.apiserver.k8s.io/v1'
const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'true' }

function level(name: string, spec: object): BuiltIn {
  return builtIn(
    'prioritylevelconfigurations',
    apiVersion,
    'PriorityLevelConfiguration',
    { name, generation: 1, annotations },
    { spec, status: {} },
  )
}

function limited(name: string, shares: number, lendablePercent: number, queues?: readonly [number, number]): BuiltIn {
  const limitResponse =
    queues === undefined
      ? { type: 'Reject' }
      : { type: 'Queue', queuing: { queues: queues[0], handSize: queues[1], queueLengthLimit: 50 } }
  return level(name, {
    type: 'Limited',
    limited: { nominalConcurrencyShares: shares, limitResponse, lendablePercent },
  })
}

const levels: readonly BuiltIn[] = [
  limited('catch-all', 5, 0),
  level('exempt', { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }),
  limited('global-default', 20, 50, [128, 6]),
  limited('leader-election', 10, 0, [16, 4]),
  limited('node-high', 40, 25, [64, 6]),
  limited('system', 30, 33, [64, 6]),
  limited('workload-high', 40, 50, [128, 6]),
  limited('workload-low', 100, 90, [128, 6]),
]

type Rules = readonly object[]

const user = (name: string) => ({ kind: 'User', user: { name } })
const group = (name: string) => ({ kind: 'Group', group: { name } })
const account = (name: string) => ({ kind: 'ServiceAccount', serviceAccount: { namespace: 'kube-system', name } })
const everybody = [group('system:unauthenticated'), group('system:authenticated')]
const controllerManager = user('system:kube-controller-manager')
const scheduler = user('system:kube-scheduler')

const resources = (verbs: Rules | readonly string[], apiGroups: readonly string[], names: readonly string[]) => ({
  verbs,
  apiGroups,
  resources: names,
})
const anything = {
  resourceRules: [{ ...resources(['*'], ['*'], ['*']), clusterScope: true, namespaces: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
}
const election = ['get', 'create', 'update']
const leases = (namespaces: readonly string[]) => ({
  resourceRules: [{ ...resources(election, ['coordination.k8s.io'], ['leases']), namespaces }],
})

function schema(name: string, to: string, precedence: number, by: string | undefined, rules: Rules): BuiltIn {
  const dangling = {
    type: 'Dangling',
    status: 'False',
    lastTransitionTime: bornAt,
    reason: 'Found',
    message: `This FlowSchema references the PriorityLevelConfiguration object named "${to}" and it exists`,
  }
  return builtIn(
    'flowschemas',
    apiVersion,
    'FlowSchema',
    { name, generation: 1, annotations },
    {
      spec: {
        priorityLevelConfiguration: { name: to },
        matchingPrecedence: precedence,
        ...(by !== undefined && { distinguisherMethod: { type: by } }),
        rules,
      },
      status: { conditions: [dangling] },
    },
  )
}

const [byUser, byNamespace] = ['ByUser', 'ByNamespace']

const schemas: readonly BuiltIn[] = [
  schema('catch-all', 'catch-all', 10_000, byUser, [{ subjects: everybody, ...anything }]),
  schema('endpoint-controller', 'workload-high', 150, byUser, [
    {
      subjects: [controllerManager, account('endpoint-controller'), account('endpointslicemirroring-controller')],
      resourceRules: [{ ...resources(election, [''], ['endpoints']), namespaces: ['*'] }],
    },
  ]),
  schema('exempt', 'exempt', 1, undefined, [{ subjects: [group('system:masters')], ...anything }]),
  schema('global-default', 'global-default', 9900, byUser, [{ subjects: everybody, ...anything }]),
  schema('kube-controller-manager', 'workload-high', 800, byNamespace, [
    { subjects: [controllerManager], ...anything },
  ]),
  schema('kube-scheduler', 'workload-high', 800, byNamespace, [{ subjects: [scheduler], ...anything }]),
  schema('kube-system-service-accounts', 'workload-high', 900, byNamespace, [
    { subjects: [account('*')], ...anything },
  ]),
  schema('probes', 'exempt', 2, undefined, [
    {
      subjects: everybody,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
    },
  ]),
  schema('service-accounts', 'workload-low', 9000, byUser, [
    { subjects: [group('system:serviceaccounts')], ...anything },
  ]),
  schema('system-leader-election', 'leader-election', 100, byUser, [
    { subjects: [controllerManager, scheduler, account('*')], ...leases(['kube-system']) },
  ]),
  schema('system-node-high', 'node-high', 400, byUser, [
    {
      subjects: [group('system:nodes')],
      resourceRules: [
        { ...resources(['*'], [''], ['nodes', 'nodes/status']), clusterScope: true, namespaces: ['*'] },
        { ...resources(['*'], ['coordination.k8s.io'], ['leases']), namespaces: ['*'] },
      ],
    },
  ]),
  schema('system-nodes', 'system', 500, byUser, [{ subjects: [group('system:nodes')], ...anything }]),
  schema('workload-leader-election', 'leader-election', 200, byUser, [{ subjects: [account('*')], ...leases(['*']) }]),
]

/** How a new API server shares itself among its clients. */
export const flowControl: readonly BuiltIn[] = Object.freeze([...levels, ...schemas])
