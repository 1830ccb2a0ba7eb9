import { bornAt, builtIn, type BuiltIn } from './birth.ts'

const apiVersion = 'networking.k8s.io/v1'
const ready = {
  type: 'Ready',
  status: 'True',
  lastTransitionTime: bornAt,
  reason: '',
  message: 'Kubernetes default Service CIDR is ready',
}

/** Where addresses of Services come from, and the first one that was given away. */
// upstream: pkg/controlplane/controller/defaultservicecidr; differs: addresses of later Services are not kept as objects
export const serviceNetwork: readonly BuiltIn[] = Object.freeze([
  builtIn(
    'servicecidrs',
    apiVersion,
    'ServiceCIDR',
    { name: 'kubernetes', finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
    { spec: { cidrs: ['10.96.0.0/16'] }, status: { conditions: [ready] } },
  ),
  builtIn(
    'ipaddresses',
    apiVersion,
    'IPAddress',
    {
      name: '10.96.0.1',
      labels: {
        'ipaddress.kubernetes.io/ip-family': 'IPv4',
        'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
      },
    },
    { spec: { parentRef: { resource: 'services', namespace: 'default', name: 'kubernetes' } } },
  ),
])
