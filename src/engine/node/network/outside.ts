import type { ServedPort } from './network.ts'

/** Names beyond the cluster that answer, so that a first `curl example.com` does what it does elsewhere. Nothing leaves the tab. */
const hosts: Readonly<Record<string, string>> = Object.freeze({
  'example.com': '203.0.113.10',
  'www.example.com': '203.0.113.10',
  'example.org': '203.0.113.11',
  'www.example.org': '203.0.113.11',
  'example.net': '203.0.113.12',
  'kubernetes.io': '203.0.113.20',
  'www.kubernetes.io': '203.0.113.20',
  'k8s.io': '203.0.113.21',
  'dl.k8s.io': '203.0.113.22',
  'registry.k8s.io': '203.0.113.23',
  'google.com': '203.0.113.30',
  'www.google.com': '203.0.113.30',
  'github.com': '203.0.113.40',
  'raw.githubusercontent.com': '203.0.113.41',
  'pypi.org': '203.0.113.50',
  'deb.debian.org': '203.0.113.60',
  'archive.ubuntu.com': '203.0.113.61',
  'dl-cdn.alpinelinux.org': '203.0.113.62',
})

const addresses: ReadonlySet<string> = new Set(Object.values(hosts))

/** The address of a name in the world outside, if it is one of the few that exist. */
export function outsideAddress(name: string): string | undefined {
  return Object.hasOwn(hosts, name) ? hosts[name] : undefined
}

/** Whether an address belongs to the world outside: web servers, and nothing else. */
export function isOutside(address: string, port: number): boolean {
  return addresses.has(address) && (port === 80 || port === 443)
}

/** Who answers out there, as a listener's container. */
export const outsideContainer = 'external'

/** Who answers at the API server's address, as a listener's container. */
export const apiServerContainer = 'kube-apiserver'

const open: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz', '/version'])

/** How those answer who are no containers: web servers outside with a page, the API server by refusing who does not say who it is. */
export function beyondContainers(containerId: string): ServedPort | undefined {
  if (containerId === outsideContainer) return { latencyMs: 30, cpuPerRequestMilli: 0, statusFor: () => 200 }
  if (containerId !== apiServerContainer) return undefined
  const statusFor = (path: string): number => (open.has(path.replace(/\?.*$/, '')) ? 200 : 403)
  return { latencyMs: 2, cpuPerRequestMilli: 0, statusFor }
}
