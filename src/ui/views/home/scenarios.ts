/** A cluster with something going on, to open and play with. It is a scene like those of links. */
export interface Scenario {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly picture: 'empty' | 'shop' | 'rollout'
  readonly scene: object
}

interface App {
  readonly name: string
  readonly image: string
  readonly replicas: number
  readonly port: number
  readonly cpu: string
  readonly memory: string
  /** how many ready pods a rollout may do without */
  readonly unavailable?: number
}

/** A Deployment and its Service. */
function appOf({ name, image, replicas, port, cpu, memory, unavailable }: App): string {
  const strategy =
    unavailable === undefined ? '' : `\n  strategy:\n    rollingUpdate: { maxSurge: 1, maxUnavailable: ${unavailable} }`
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: { app: ${name} }
spec:
  replicas: ${replicas}${strategy}
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      containers:
        - name: ${name}
          image: ${image}
          ports:
            - containerPort: ${port}
          readinessProbe:
            tcpSocket: { port: ${port} }
            periodSeconds: 2
          resources:
            requests: { cpu: ${cpu}, memory: ${memory} }
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: { app: ${name} }
  ports:
    - port: ${port}
`
}

const shop = [
  { name: 'web', image: 'nginx:1.27', replicas: 4, port: 80, cpu: '200m', memory: '128Mi' },
  { name: 'api', image: 'httpd:2.4', replicas: 3, port: 80, cpu: '300m', memory: '256Mi' },
  { name: 'cart', image: 'redis:7', replicas: 1, port: 6379, cpu: '250m', memory: '256Mi' },
]
  .map(appOf)
  .join('---\n')

const rollout = appOf({
  name: 'web',
  image: 'nginx:1.26',
  replicas: 6,
  port: 80,
  cpu: '150m',
  memory: '128Mi',
  unavailable: 1,
})

function applied(at: number, file: string, text: string): object {
  return { at, do: 'kubectl', argv: ['apply', '-f', file], files: { [file]: text } }
}

function load(at: number, url: string, rps: number): object {
  return { at, do: 'fault', fault: { kind: 'load', name: 'users', url, rps } }
}

/** The home page's scenarios, simplest first. */
export const scenarios: readonly Scenario[] = [
  {
    id: 'empty',
    title: 'Empty cluster',
    summary: 'Three nodes, a control plane, nothing of yours yet',
    picture: 'empty',
    scene: { version: 1, seed: 2, nodes: 3, files: {}, inputs: [], at: 0 },
  },
  {
    id: 'shop',
    title: 'Three nodes and a web shop',
    summary: 'Pages, an API and a cart, with users asking for pages',
    picture: 'shop',
    scene: {
      version: 1,
      seed: 11,
      nodes: 3,
      files: { 'shop.yaml': shop },
      inputs: [applied(1_000, 'shop.yaml', shop), load(25_000, 'http://web', 40)],
      at: 45_000,
    },
  },
  {
    id: 'rollout',
    title: 'A rolling update under load',
    summary: 'Six Pods are replaced, a few at a time, while users keep asking',
    picture: 'rollout',
    scene: {
      version: 1,
      seed: 5,
      nodes: 3,
      files: { 'web.yaml': rollout },
      inputs: [
        applied(1_000, 'web.yaml', rollout),
        load(25_000, 'http://web', 60),
        { at: 40_000, do: 'kubectl', argv: ['set', 'image', 'deployment/web', 'web=nginx:1.27'], files: {} },
      ],
      at: 41_000,
      view: { stage: 'nodes' },
    },
  },
]
