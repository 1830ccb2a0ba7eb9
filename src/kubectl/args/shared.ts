import { bool, duration, int, list, strings, text } from './flags.ts'

/** Flags every command takes. */
export const globalFlags = {
  as: text('Whose name the request is made in'),
  'as-group': list('A group to act as; may be repeated'),
  'as-uid': text('UID to act as'),
  'as-user-extra': list('Extras to act with'),
  'cache-dir': text('Where discovery is cached'),
  'certificate-authority': text('Path of the authority certificate'),
  'client-certificate': text('Path of the client certificate'),
  'client-key': text('Path of the client key'),
  cluster: text('The cluster of the kubeconfig to use'),
  context: text('The context of the kubeconfig to use'),
  'disable-compression': bool('Ask for answers that are not compressed'),
  'insecure-skip-tls-verify': bool('Do not check the server certificate'),
  kubeconfig: text('Path of the kubeconfig file'),
  kuberc: text('Path of the preferences file'),
  'match-server-version': bool('Require client and server of one version'),
  namespace: text('The namespace of this request', '', { short: 'n' }),
  password: text('Password for basic authentication'),
  'request-timeout': text('How long to wait for one request', '0'),
  server: text('Address and port of the API server', '', { short: 's' }),
  'tls-server-name': text('Name the server certificate is checked against'),
  token: text('Bearer token'),
  user: text('The user of the kubeconfig to use'),
  username: text('Name for basic authentication'),
  v: int('How much the client says about itself', 0, { short: 'v' }),
  vmodule: text('Verbosity by file'),
  'warnings-as-errors': bool('Fail when the server warns'),
  help: bool('Help for this command', false, { short: 'h' }),
}

/** `--dry-run[=client|server]` */
export const dryRun = {
  'dry-run': text('"none", "client" (only print what would be sent) or "server" (send it, store nothing)', 'none', {
    bare: 'unchanged',
  }),
}

/** `-o` and what belongs to it, for commands that print one object. */
export const output = {
  output: text('How to print: json, yaml, kyaml, name, jsonpath=…, go-template=…', '', { short: 'o' }),
  template: text('Template for -o go-template'),
  'allow-missing-template-keys': bool('Ignore fields and keys that a template names in vain', true),
  'show-managed-fields': bool('Keep managedFields in what is printed'),
}

/** `-f`, `-k`, `-R` */
export const files = {
  filename: strings('File or folder that holds the objects, - for standard input', { short: 'f' }),
  kustomize: text('Folder of a kustomization', '', { short: 'k' }),
  recursive: bool('Read folders to their depths', false, { short: 'R' }),
}

/** `-l` */
export const selector = { selector: list('Label selector: =, ==, !=, in, notin, key, !key', { short: 'l' }) }

/** `--field-selector` */
export const fieldSelector = { 'field-selector': text('Field selector: =, ==, !=') }

export const allNamespaces = { 'all-namespaces': bool('In all namespaces', false, { short: 'A' }) }

export const fieldManager = (name: string) => ({
  'field-manager': text('Who is noted as the owner of the fields', name),
})

export const validate = {
  validate: text('strict (or true), warn, ignore (or false)', 'strict', { bare: 'strict' }),
}

/** `--record`, of commands whose objects note what changed them. */
export const record = {
  record: bool('Note this command on the object as the cause of its change', false, {
    deprecated: '--record will be removed in the future',
  }),
}

/** How a delete goes about it. */
export const deletion = {
  cascade: text('What happens to what the object owns: background, foreground or orphan', 'background', {
    bare: 'background',
  }),
  force: bool('Do not wait for a graceful end'),
  'grace-period': int('Seconds to end in; negative: as the object says', -1),
  timeout: duration('How long to wait; 0: as long as it takes', 0),
  wait: bool('Wait until it is gone', true),
}
