import type { Flag } from './flags.ts'
import { CommandError } from '../errors.ts'

/** Flags that the real kubectl takes and that nothing stands behind here, by the path of their command. */
const flags: Readonly<Record<string, string>> = {
  attach: 'detach-keys',
  autoscale: 'save-config',
  'config set': 'set-raw-bytes',
  'config set-cluster': 'embed-certs',
  'config set-credentials':
    'auth-provider auth-provider-arg embed-certs exec-api-version exec-arg exec-command exec-env exec-interactive-mode exec-provide-cluster-info',
  debug:
    'custom filename keep-annotations keep-init-containers keep-labels keep-liveness keep-readiness keep-startup replace same-node set-image',
  diff: 'show-secrets',
  edit: 'save-config windows-line-endings',
  expose: 'save-config',
  kustomize:
    'as-current-user enable-alpha-plugins enable-helm env helm-api-versions helm-command helm-debug helm-kube-version load-restrictor mount network network-name output',
  proxy:
    'accept-hosts accept-paths address api-prefix append-server-path disable-filter keepalive port reject-methods reject-paths unix-socket www www-prefix',
  replace: 'save-config',
  run: 'detach-keys',
  'set selector': 'resource-version',
}

/** Refuses a flag by name where the real kubectl has it: it is known, and not simulated. */
export function refuseUnsimulated(path: string, words: readonly string[], known: Readonly<Record<string, Flag>>): void {
  const names = new Set((flags[path] ?? '').split(' '))
  for (const word of words) {
    if (word === '--') return
    const name = /^--([\w-]+)/.exec(word)?.[1]
    if (name !== undefined && names.has(name) && !Object.hasOwn(known, name))
      throw new CommandError(`--${name} is a flag of kubectl ${path} that is not simulated here`)
  }
}
