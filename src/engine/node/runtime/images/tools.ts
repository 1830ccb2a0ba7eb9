import { defineImage, megabytes } from './defineImage.ts'

/** Holds a pod's namespaces. */
export const pause = defineImage({
  names: [
    'registry.k8s.io/pause',
    'k8s.gcr.io/pause',
    'gcr.io/google_containers/pause',
    'docker.io/rancher/mirrored-pause',
  ],
  tags: /./,
  sizeBytes: 318_164,
  base: 'none',
  entrypoint: ['/pause'],
  programs: { '/pause': 'pause' },
  user: '65535:65535',
})

/** curl, and nothing else to speak of. */
export const curl = defineImage({
  names: ['docker.io/curlimages/curl', 'quay.io/curl/curl', 'docker.io/alpine/curl', 'docker.io/appropriate/curl'],
  tags: /^(latest|[78](\.\d{1,2}){0,2})$/,
  sizeBytes: megabytes(9),
  base: 'alpine',
  wrapper: { path: '/entrypoint.sh', server: 'curl' },
  entrypoint: ['/entrypoint.sh'],
  cmd: ['curl'],
  programs: { '/usr/bin/curl': 'curl' },
  user: 'curl_user',
})

/** The image of Kubernetes' end-to-end tests. */
export const agnhost = defineImage({
  names: [
    'registry.k8s.io/e2e-test-images/agnhost',
    'k8s.gcr.io/e2e-test-images/agnhost',
    'gcr.io/kubernetes-e2e-test-images/agnhost',
  ],
  tags: /^(latest|2\.\d{1,2})$/,
  sizeBytes: megabytes(54),
  base: 'alpine',
  entrypoint: ['/agnhost'],
  cmd: ['pause'],
  programs: { '/agnhost': 'agnhost', '/usr/bin/curl': 'curl', '/usr/bin/dig': 'dig', '/bin/nslookup': 'nslookup' },
})

/** Network tools to debug with. */
export const netshoot = defineImage({
  names: [
    'docker.io/nicolaka/netshoot',
    'registry.k8s.io/e2e-test-images/jessie-dnsutils',
    'docker.io/tutum/dnsutils',
    'gcr.io/kubernetes-e2e-test-images/dnsutils',
    'docker.io/infoblox/dnstools',
    'docker.io/praqma/network-multitool',
    'docker.io/wbitt/network-multitool',
  ],
  tags: /./,
  sizeBytes: megabytes(150),
  base: 'debian',
  cmd: ['sleep', 'infinity'],
  programs: {
    '/usr/bin/curl': 'curl',
    '/usr/bin/wget': 'wget',
    '/usr/bin/nslookup': 'nslookup',
    '/usr/bin/dig': 'dig',
    '/usr/bin/host': 'host',
    '/usr/bin/ping': 'ping',
    '/usr/bin/nc': 'nc',
    '/usr/bin/ps': 'ps',
  },
})

/** Takes memory or CPU on demand. */
export const stress = defineImage({
  names: [
    'docker.io/polinux/stress',
    'docker.io/progrium/stress',
    'docker.io/jfusterm/stress',
    'docker.io/alexeiled/stress-ng',
    'docker.io/polinux/stress-ng',
  ],
  tags: /^(latest|1\.0\.4|latest-ubuntu|0\.\d+\.\d+)$/,
  sizeBytes: megabytes(4),
  base: 'alpine',
  cmd: ['/usr/local/bin/stress'],
  programs: { '/usr/local/bin/stress': 'stress', '/usr/bin/stress-ng': 'stress-ng' },
})

/** Takes memory or CPU on demand; its flags have one dash. */
export const vishStress = defineImage({
  names: ['docker.io/vish/stress'],
  tags: /^(latest|v1)$/,
  sizeBytes: megabytes(2),
  base: 'none',
  entrypoint: ['/stress'],
  programs: { '/stress': 'stress' },
})

/** Measures what nodes and pods use, and serves it as `metrics.k8s.io`. */
export const metricsServer = defineImage({
  names: [
    'registry.k8s.io/metrics-server/metrics-server',
    'k8s.gcr.io/metrics-server/metrics-server',
    'docker.io/bitnami/metrics-server',
    'docker.io/rancher/mirrored-metrics-server',
  ],
  tags: /^(latest|v?0\.[3-9]\.\d{1,2})$/,
  sizeBytes: megabytes(22),
  base: 'none',
  entrypoint: ['/metrics-server'],
  programs: { '/metrics-server': 'metrics-server' },
  user: '65534',
})

/** CoreDNS, the cluster's name service. */
export const coredns = defineImage({
  names: ['registry.k8s.io/coredns/coredns', 'docker.io/coredns/coredns'],
  tags: /^(latest|v?1\.\d{1,2}\.\d{1,2})$/,
  sizeBytes: megabytes(22),
  base: 'none',
  entrypoint: ['/coredns'],
  programs: { '/coredns': 'coredns' },
  ports: [53],
})
