/** The namespaces that a cluster cannot do without. */
// upstream: pkg/controlplane/instance.go systemNamespaces
export const systemNamespaces: readonly string[] = Object.freeze([
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
])

/** A namespace of that name, as it is asked for. */
export const namespaceNamed = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })

/** Where the API server says it can be reached. */
export const apiServerAddress = '192.168.10.10'
const metadata = { name: 'kubernetes', namespace: 'default' }
const ports = [{ name: 'https', port: 6443, protocol: 'TCP' }]

/** The Service that stands for the API server inside the cluster. */
// upstream: pkg/controlplane/controller/kubernetesservice/controller.go CreateOrUpdateMasterServiceIfNeeded
export const kubernetesService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...metadata, labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    clusterIP: '10.96.0.1',
    ipFamilyPolicy: 'SingleStack',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    sessionAffinity: 'None',
    type: 'ClusterIP',
  },
} as const

/** Where it leads. */
// upstream: pkg/controlplane/reconcilers/endpointsadapter.go
export const kubernetesEndpoints = {
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
  subsets: [{ addresses: [{ ip: apiServerAddress }], ports }],
} as const

/** The same in the newer form. */
export const kubernetesSlice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: [apiServerAddress], conditions: { ready: true } }],
  ports,
} as const
