/** The labels of everything that belongs to the metrics server. */
export const labels = { 'k8s-app': 'metrics-server' }

const metadata = { name: 'metrics-server', namespace: 'kube-system', labels }

/** The server and the way to it. */
export const workload = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      ports: [{ appProtocol: 'https', name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }],
      selector: labels,
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      selector: { matchLabels: labels },
      strategy: { rollingUpdate: { maxUnavailable: 0 } },
      template: { metadata: { labels }, spec: pod() },
    },
  },
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io', labels },
    spec: {
      group: 'metrics.k8s.io',
      groupPriorityMinimum: 100,
      insecureSkipTLSVerify: true,
      service: { name: 'metrics-server', namespace: 'kube-system' },
      version: 'v1beta1',
      versionPriority: 100,
    },
  },
] as const

function pod(): object {
  return {
    containers: [
      {
        args: [
          '--cert-dir=/tmp',
          '--secure-port=10250',
          '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
          '--kubelet-use-node-status-port',
          '--metric-resolution=15s',
        ],
        image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.0',
        imagePullPolicy: 'IfNotPresent',
        livenessProbe: probe('/livez', {}),
        name: 'metrics-server',
        ports: [{ containerPort: 10_250, name: 'https', protocol: 'TCP' }],
        readinessProbe: probe('/readyz', { initialDelaySeconds: 20 }),
        resources: { requests: { cpu: '100m', memory: '200Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          runAsUser: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        volumeMounts: [{ mountPath: '/tmp', name: 'tmp-dir' }],
      },
    ],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    priorityClassName: 'system-cluster-critical',
    serviceAccountName: 'metrics-server',
    volumes: [{ emptyDir: {}, name: 'tmp-dir' }],
  }
}

function probe(path: string, more: object): object {
  return { failureThreshold: 3, httpGet: { path, port: 'https', scheme: 'HTTPS' }, periodSeconds: 10, ...more }
}
