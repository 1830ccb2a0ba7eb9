import type { AddOn } from './addOns/index.ts'
import { formatTime, type CustomResourceDefinition } from './api/index.ts'
import {
  kubernetesService,
  kubernetesSlice,
  namespaceNamed,
  systemNamespaces,
} from './apiserver/builtIns/kubernetesService.ts'
import { established } from './apiserver/customResources/names.ts'
import type { Client } from './client/index.ts'

/**
 * Writes what a freshly installed cluster holds before anybody joins: namespaces, the `kubernetes` Service, cluster DNS.
 * upstream: pkg/controlplane/controller/systemnamespaces, kubernetesservice; cmd/kubeadm/app/phases/addons/dns
 */
export function bootstrap(client: Client, hasDns: boolean, addOns: readonly AddOn[]): void {
  for (const name of systemNamespaces) client.create('Namespace', namespaceNamed(name))
  for (const object of [kubernetesService, kubernetesSlice]) client.create(object.kind, object, 'default')
  if (hasDns) for (const object of clusterDns) client.create(object.kind, object, 'kube-system')
  for (const { definitions, objects } of addOns) {
    installDefinitions(client, definitions)
    for (const object of objects) client.create(object.kind, object, object.metadata.namespace)
  }
}

/** Definitions that were there before a run began: their kinds are served at once. */
function installDefinitions(client: Client, definitions: readonly CustomResourceDefinition[]): void {
  const others: CustomResourceDefinition[] = []
  for (const definition of definitions) {
    const created = client.create<CustomResourceDefinition>(definition.kind, definition)
    client.updateStatus(established(created, others, formatTime(0)))
    others.push(created)
  }
}

/** The address of cluster DNS, as every pod's resolv.conf has it. */
export const dnsAddress = '10.96.0.10'

const dnsLabels = { 'k8s-app': 'kube-dns' }

const corefile = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`

const clusterDns = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'coredns', namespace: 'kube-system' } },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'coredns', namespace: 'kube-system' },
    data: { Corefile: corefile },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kube-dns',
      namespace: 'kube-system',
      labels: { ...dnsLabels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
      annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
    },
    spec: {
      clusterIP: dnsAddress,
      selector: dnsLabels,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
        { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
      ],
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', namespace: 'kube-system', labels: dnsLabels },
    spec: {
      replicas: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      selector: { matchLabels: dnsLabels },
      template: { metadata: { labels: dnsLabels }, spec: corednsPod() },
    },
  },
] as const

function corednsPod(): object {
  return {
    priorityClassName: 'system-cluster-critical',
    serviceAccountName: 'coredns',
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              labelSelector: { matchExpressions: [{ key: 'k8s-app', operator: 'In', values: ['kube-dns'] }] },
              topologyKey: 'kubernetes.io/hostname',
            },
          },
        ],
      },
    },
    tolerations: [
      { key: 'CriticalAddonsOnly', operator: 'Exists' },
      { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
    ],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    dnsPolicy: 'Default',
    volumes: [
      { name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } },
    ],
    containers: [
      {
        name: 'coredns',
        image: 'registry.k8s.io/coredns/coredns:v1.14.2',
        imagePullPolicy: 'IfNotPresent',
        resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
        args: ['-conf', '/etc/coredns/Corefile'],
        volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
        ports: [
          { containerPort: 53, name: 'dns', protocol: 'UDP' },
          { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
          { containerPort: 9153, name: 'metrics', protocol: 'TCP' },
          { containerPort: 8080, name: 'liveness-probe', protocol: 'TCP' },
          { containerPort: 8181, name: 'readiness-probe', protocol: 'TCP' },
        ],
        livenessProbe: {
          httpGet: { path: '/health', port: 'liveness-probe', scheme: 'HTTP' },
          initialDelaySeconds: 60,
          timeoutSeconds: 5,
          successThreshold: 1,
          failureThreshold: 5,
        },
        readinessProbe: { httpGet: { path: '/ready', port: 'readiness-probe', scheme: 'HTTP' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        },
      },
    ],
  }
}
