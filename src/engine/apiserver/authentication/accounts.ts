/** The place of the account that a user name stands for: `system:serviceaccount:<namespace>:<name>`. */
export function accountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [system, word, namespace, name, ...more] = user.split(':')
  if (system !== 'system' || word !== 'serviceaccount' || more.length > 0 || !namespace || !name) return undefined
  return { namespace, name }
}

/** The groups every service account of a namespace is in. */
export const groupsOfAccount = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
]
