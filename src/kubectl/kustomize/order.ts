import { asMap, textOf, type Draft } from './resource.ts'

const first: readonly string[] = [
  'Namespace ResourceQuota StorageClass CustomResourceDefinition ServiceAccount PodSecurityPolicy Role ClusterRole',
  'RoleBinding ClusterRoleBinding ConfigMap Secret Endpoints Service LimitRange PriorityClass PersistentVolume',
  'PersistentVolumeClaim Deployment StatefulSet CronJob PodDisruptionBudget',
].flatMap((line) => line.split(' '))
const last: readonly string[] = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

/** The order of `kubectl kustomize`: what others lean on comes first. */
// upstream: sigs.k8s.io/kustomize/api/internal/builtins/SortOrderTransformer.go
export function inLegacyOrder(objects: readonly Draft[]): readonly Draft[] {
  return objects
    .map((object) => ({ object, rank: rankOf(textOf(object['kind'])), key: keyOf(object) }))
    .sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ object }) => object)
}

function rankOf(kind: string): number {
  if (first.includes(kind)) return first.indexOf(kind) - first.length
  return last.indexOf(kind) + 1
}

function keyOf(object: Draft): string {
  const { name, namespace } = asMap(object['metadata']) ?? {}
  return `${textOf(object['apiVersion'])} ${textOf(object['kind'])} ${textOf(namespace)} ${textOf(name)}`
}
