import {
  forbidden,
  formatTime,
  parseTime,
  randomSuffix,
  type Draft,
  type Namespace,
  type Pod,
  type ServiceAccount,
} from '../../api/index.ts'
import { defineAdmission, type AdmissionRequest } from './admission.ts'

const prefix = 'kube-api-access-'
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'

/** How long a pod's creation waits for a namespace's first account. upstream: ten tries, 100 to 200 ms apart */
const patienceMs = 1500

/** Gives every pod an account, and a token of it to speak to the API server with. */
// upstream: plugin/pkg/admission/serviceaccount/admission.go
export const serviceAccount = defineAdmission({
  name: 'ServiceAccount',
  kinds: ['Pod'],
  verbs: ['create'],
  subresources: [''],
  mutate(request) {
    const pod = request.draft as Draft<Pod>
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return checkMirror(request)
    const name = (pod.spec.serviceAccountName ||= 'default')
    pod.spec.serviceAccount = name
    const account = request.context.find<ServiceAccount>('ServiceAccount', name, request.namespace)
    if (account === undefined && !isComing(request, name)) throw missingAccount(request, name)
    if (!pod.spec.imagePullSecrets?.length && account?.imagePullSecrets?.length)
      pod.spec.imagePullSecrets = account.imagePullSecrets.map((secret) => ({ ...secret }))
    if (pod.spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true) mountToken(pod, request)
  },
})

function missingAccount({ kind, namespace, name }: AdmissionRequest, account: string): Error {
  const detail = `error looking up service account ${namespace}/${account}: serviceaccount ${JSON.stringify(account)} not found`
  return forbidden({ group: kind.group, resource: kind.plural }, name, detail)
}

/** Upstream waits a little for `default`, which a controller makes; here every verb answers at once, so the wait is granted. */
// differs: where nobody makes accounts at all (an API server without controllers), `default` counts as there
function isComing({ context, namespace }: AdmissionRequest, name: string): boolean {
  if (name !== 'default') return false
  const home = context.find<Namespace>('Namespace', namespace)
  if (home === undefined) return true // another plugin refuses that
  if (context.list('ServiceAccount').length === 0) return true
  return parseTime(context.now) - parseTime(home.metadata.creationTimestamp || formatTime(0)) <= patienceMs
}

/** What a node reports of its own pods may not reach into the cluster. */
function checkMirror({ kind, name, draft }: AdmissionRequest): void {
  const { spec } = draft as Draft<Pod>
  const refuse = (text: string): Error => forbidden({ group: kind.group, resource: kind.plural }, name, text)
  if (spec.serviceAccountName) throw refuse('a mirror pod may not reference service accounts')
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  const hasSecret =
    spec.volumes?.some(({ secret }) => secret !== undefined) ||
    containers.some(({ env, envFrom }) =>
      [...(env ?? []), ...(envFrom ?? [])].some(
        (one) => 'secretRef' in one || ('valueFrom' in one && one.valueFrom?.secretKeyRef),
      ),
    )
  if (hasSecret) throw refuse('a mirror pod may not reference secrets')
  if (spec.volumes?.some(({ projected }) => projected?.sources?.some((one) => one.serviceAccountToken)))
    throw refuse('a mirror pod may not use ServiceAccountToken volume projections')
}

const token = freezeAll({
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] },
    },
  ],
  defaultMode: 420,
})

function freezeAll<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freezeAll(part as object)
  return Object.freeze(value)
}

function mountToken({ spec }: Draft<Pod>, { context }: AdmissionRequest): void {
  const containers =
    spec.initContainers === undefined ? (spec.containers ?? []) : [...spec.initContainers, ...(spec.containers ?? [])]
  const without = containers.filter(({ volumeMounts }) => !volumeMounts?.some((mount) => mount.mountPath === mountPath))
  if (without.length === 0) return
  const present = spec.volumes?.find(({ name }) => name?.startsWith(prefix))?.name
  const name = present ?? prefix + randomSuffix(context.int)
  for (const container of without)
    container.volumeMounts = withOne(container.volumeMounts, { name, readOnly: true, mountPath })
  if (present === undefined) spec.volumes = withOne(spec.volumes, { name, projected: token as never })
}

/** A list that is put together of others keeps room to grow; a new one of one does not, and most are. */
function withOne<T>(list: readonly T[] | undefined, one: T): T[] {
  return list === undefined ? [one] : [...list, one]
}
