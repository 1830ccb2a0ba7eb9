import { isEqual, type ConfigMap, type Namespace } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import { create, defineController, nothing, update } from './controller.ts'
import { forgive } from './perform.ts'
import { isNamespaceTerminating } from './podControl.ts'

const configMapName = 'kube-root-ca.crt'

// A stand-in that looks like a certificate: nothing in here is ever verified.
const certificate = `-----BEGIN CERTIFICATE-----
${'RHJ5ZG9jayBoYXMgbm8gc2VjcmV0czogdGhpcyBpcyBub3QgYSBjZXJ0aWZpY2F0'.repeat(4).replace(/(.{64})/g, '$1\n')}-----END CERTIFICATE-----
`

const data = Object.freeze({ 'ca.crt': certificate })
const annotations = Object.freeze({
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
})

/** Keeps the cluster's root certificate in every namespace. upstream: pkg/controller/certificates/rootcacertpublisher/publisher.go */
export const rootCertificatePublisher = defineController<Namespace>({
  name: 'root-ca-certificate-publisher-controller',
  for: 'Namespace',
  watches: {
    ConfigMap: {
      concerns: ({ object }: Change<ConfigMap>) =>
        object.metadata.name === configMapName ? [object.metadata.namespace ?? ''] : [],
    },
  },
  reconcile({ object, lister }) {
    const { name } = object.metadata
    if (object.metadata.deletionTimestamp !== undefined) return nothing
    const known = lister<ConfigMap>('ConfigMap').get(`${name}/${configMapName}`)
    if (known === undefined) {
      const made = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: configMapName, namespace: name, annotations },
        data,
      }
      return {
        writes: [
          create('ConfigMap', made, {
            namespace: name,
            refused: (error) => (isNamespaceTerminating(error) ? forgive : undefined),
          }),
        ],
      }
    }
    const isFine =
      isEqual(known.data, data) &&
      known.metadata.annotations?.['kubernetes.io/description'] === annotations['kubernetes.io/description']
    if (isFine) return nothing
    const metadata = { ...known.metadata, annotations: { ...known.metadata.annotations, ...annotations } }
    return { writes: [update({ ...known, metadata, data } as ConfigMap)] }
  },
})
