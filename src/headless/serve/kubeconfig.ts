/** A kubeconfig that points clients at a served cluster. */
export function kubeconfigFor(url: string): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: drydock
  cluster:
    server: ${url}
contexts:
- name: drydock
  context:
    cluster: drydock
    user: kubernetes-admin
current-context: drydock
users:
- name: kubernetes-admin
  user: {}
`
}
