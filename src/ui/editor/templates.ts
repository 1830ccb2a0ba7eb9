/** A manifest to start from. */
export interface Template {
  readonly kind: string
  readonly hint: string
  readonly text: (name: string) => string
}

const labels = (name: string) => `  labels:
    app: ${name}`

const container = (name: string, at: string) => `${at}- name: ${name}
${at}  image: nginx:1.27
${at}  ports:
${at}  - containerPort: 80
${at}  resources:
${at}    requests:
${at}      cpu: 100m
${at}      memory: 64Mi`

/** What the New menu offers, the common ones first. */
export const templates: readonly Template[] = [
  {
    kind: 'Deployment',
    hint: 'Keeps a number of identical Pods',
    text: (name) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
${container(name, '      ')}
`,
  },
  {
    kind: 'Service',
    hint: 'One address for many Pods',
    text: (name) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
  - port: 80
    targetPort: 80
`,
  },
  {
    kind: 'Pod',
    hint: 'One or more containers on a node',
    text: (name) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
${labels(name)}
spec:
  containers:
${container(name, '  ')}
`,
  },
  {
    kind: 'ConfigMap',
    hint: 'Settings for Pods',
    text: (name) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  greeting: hello
`,
  },
  {
    kind: 'Secret',
    hint: 'Settings that are not shown',
    text: (name) => `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
type: Opaque
stringData:
  password: change-me
`,
  },
  {
    kind: 'Job',
    hint: 'Runs to its end',
    text: (name) => `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
spec:
  completions: 3
  parallelism: 1
  backoffLimit: 4
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: ${name}
        image: busybox:1.37
        command: ["sh", "-c", "echo working; sleep 5"]
`,
  },
  {
    kind: 'CronJob',
    hint: 'Jobs by the clock',
    text: (name) => `apiVersion: batch/v1
kind: CronJob
metadata:
  name: ${name}
spec:
  schedule: "*/5 * * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: ${name}
            image: busybox:1.37
            command: ["sh", "-c", "date; sleep 5"]
`,
  },
  {
    kind: 'StatefulSet',
    hint: 'Pods with names and disks of their own',
    text: (name) => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}
spec:
  serviceName: ${name}
  replicas: 3
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
${container(name, '      ')}
  volumeClaimTemplates:
  - metadata:
      name: data
    spec:
      accessModes: ["ReadWriteOnce"]
      resources:
        requests:
          storage: 1Gi
`,
  },
  {
    kind: 'DaemonSet',
    hint: 'One Pod on every node',
    text: (name) => `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
${container(name, '      ')}
`,
  },
  {
    kind: 'HorizontalPodAutoscaler',
    hint: 'More Pods under load',
    text: (name) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${name}
  minReplicas: 1
  maxReplicas: 5
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 60
`,
  },
  {
    kind: 'NetworkPolicy',
    hint: 'Who may talk to whom',
    text: (name) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
spec:
  podSelector:
    matchLabels:
      app: ${name}
  policyTypes: ["Ingress"]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          role: client
    ports:
    - port: 80
`,
  },
  {
    kind: 'PodDisruptionBudget',
    hint: 'How many may be away at once',
    text: (name) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app: ${name}
`,
  },
  { kind: 'Empty file', hint: 'A blank page', text: () => '' },
]
