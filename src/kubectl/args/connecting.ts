/** Commands that connect before they ask for the namespace, by their path, or that of their group. */
const connecting: ReadonlySet<string> = new Set([
  'api-resources',
  'api-versions',
  'apply',
  'auth can-i',
  'auth whoami',
  'autoscale',
  'certificate',
  'cluster-info',
  'cordon',
  'create',
  'diff',
  'drain',
  'explain',
  'expose',
  'replace',
  'run',
  'set env',
  'top node',
  'uncordon',
  'version',
  'wait',
])

/** Commands of such a group that ask for the namespace first. */
const others = /^(create token|apply .*)$/

/** Whether a command tells of a context that is not there as who connects does: in other words than who asks for the namespace. */
// upstream: client-go/tools/clientcmd/client_config.go getContext, and ConfirmUsable in validation.go
export function connectsFirst(path: string, isRaw: boolean): boolean {
  const [group = ''] = path.split(' ')
  if (path === 'get') return isRaw
  return (connecting.has(path) || connecting.has(group)) && !others.test(path)
}
