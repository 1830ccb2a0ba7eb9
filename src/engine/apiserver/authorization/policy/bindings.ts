/** Subjects in short: `user:NAME`, `group:NAME`, `account:NAMESPACE/NAME`. */
export interface BindingLine {
  readonly role: string
  readonly subjects: readonly string[]
}

const authenticated = 'group:system:authenticated'

/** Who has the first ClusterRoles; a binding has the name of its role. */
// upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go ClusterRoleBindings
export const clusterBindings: readonly BindingLine[] = [
  { role: 'cluster-admin', subjects: ['group:system:masters'] },
  { role: 'system:monitoring', subjects: ['group:system:monitoring'] },
  { role: 'system:discovery', subjects: [authenticated] },
  { role: 'system:basic-user', subjects: [authenticated] },
  { role: 'system:public-info-viewer', subjects: [authenticated, 'group:system:unauthenticated'] },
  { role: 'system:node-proxier', subjects: ['user:system:kube-proxy'] },
  { role: 'system:kube-controller-manager', subjects: ['user:system:kube-controller-manager'] },
  { role: 'system:kube-dns', subjects: ['account:kube-system/kube-dns'] },
  { role: 'system:kube-scheduler', subjects: ['user:system:kube-scheduler'] },
  { role: 'system:volume-scheduler', subjects: ['user:system:kube-scheduler'] },
  { role: 'system:node', subjects: [] },
  { role: 'system:service-account-issuer-discovery', subjects: ['group:system:serviceaccounts'] },
]

/** A Role of a namespace, with who has it. */
export interface NamespacedLine {
  readonly namespace: string
  readonly role: string
  readonly rules: readonly string[]
  readonly binding: string
  readonly subjects: readonly string[]
}

const bootstrapSigner = {
  role: 'system:controller:bootstrap-signer',
  binding: 'system:controller:bootstrap-signer',
  subjects: ['account:kube-system/bootstrap-signer'],
}
const events = 'create update patch | core events.k8s.io | events'

const locking = (component: string): NamespacedLine => ({
  namespace: 'kube-system',
  role: `system::leader-locking-${component}`,
  rules: ['watch | core | configmaps', `get update | core | configmaps | ${component}`],
  binding: `system::leader-locking-${component}`,
  subjects: [`user:system:${component}`, `account:kube-system/${component}`],
})

/** The first Roles. */
// upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/namespace_policy.go
export const namespacedPolicy: readonly NamespacedLine[] = [
  {
    namespace: 'kube-system',
    role: 'extension-apiserver-authentication-reader',
    rules: ['read | core | configmaps | extension-apiserver-authentication'],
    binding: 'system::extension-apiserver-authentication-reader',
    subjects: ['user:system:kube-controller-manager', 'user:system:kube-scheduler'],
  },
  { namespace: 'kube-system', rules: ['get list watch | core | secrets'], ...bootstrapSigner },
  {
    namespace: 'kube-system',
    role: 'system:controller:cloud-provider',
    rules: ['create get list watch | core | configmaps'],
    binding: 'system:controller:cloud-provider',
    subjects: ['account:kube-system/cloud-provider'],
  },
  {
    namespace: 'kube-system',
    role: 'system:controller:token-cleaner',
    rules: ['get list watch delete | core | secrets', events],
    binding: 'system:controller:token-cleaner',
    subjects: ['account:kube-system/token-cleaner'],
  },
  locking('kube-controller-manager'),
  locking('kube-scheduler'),
  {
    namespace: 'kube-public',
    rules: ['get list watch | core | configmaps', 'update | core | configmaps | cluster-info', events],
    ...bootstrapSigner,
  },
]
