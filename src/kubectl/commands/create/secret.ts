import { strings, text } from '../../args/flags.ts'
import type { Io } from '../../context.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import { toBase64 } from '../../base64.ts'
import { goJson } from '../../printers/json.ts'
import { appendHash } from './appendHash.ts'
import { defineGenerator } from './generator.ts'
import { readSources, sourceFlags, type Maker } from './sources.ts'

const makes = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true }
const hash = { 'append-hash': sourceFlags['append-hash'] }

const generic = defineGenerator({
  name: 'generic',
  usage:
    'create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  summary: 'Create a secret from a local file, directory, or literal value',
  examples: ['kubectl create secret generic db --from-literal=password=s3cret'],
  makes,
  // the real one has no colon here
  failure: 'failed to create secret',
  flags: { ...sourceFlags, type: text('The type of the secret') },
  make({ flags, io }, name) {
    const data = readSources(flags, io, makerOf(name))
    return secretOf(name, data, flags.type, flags['append-hash'])
  },
})

const dockerRegistry = defineGenerator({
  name: 'docker-registry',
  usage:
    'create secret docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
  summary: 'Create a secret for use with a Docker registry',
  makes,
  failure: 'failed to create secret',
  flags: {
    ...hash,
    'docker-email': text('Mail address'),
    'docker-password': text('Password'),
    'docker-server': text('Registry', 'https://index.docker.io/v1/'),
    'docker-username': text('User'),
    'from-file': strings('A docker config file'),
  },
  make({ flags, io, given }, name) {
    const type = 'kubernetes.io/dockerconfigjson'
    if (flags['from-file'].length > 0) {
      const data = readSources({ ...flags, 'from-literal': [], 'from-env-file': [] }, io, makerOf(name))
      return secretOf(name, data, type, flags['append-hash'])
    }
    const {
      'docker-username': username,
      'docker-password': password,
      'docker-email': email,
      'docker-server': server,
    } = flags
    if (username === '' || password === '' || server === '' || (given.has('docker-server') && server === ''))
      throw new CommandError(
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      )
    const entry = { username, password, ...(email !== '' && { email }), auth: toBase64(`${username}:${password}`) }
    return secretOf(name, { '.dockerconfigjson': goJson({ auths: { [server]: entry } }) }, type, flags['append-hash'])
  },
})

const tls = defineGenerator({
  name: 'tls',
  usage: 'create secret tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  summary: 'Create a TLS secret',
  makes,
  failure: 'failed to create secret',
  flags: { ...hash, cert: text('Path of the certificate'), key: text('Path of its key') },
  make({ flags, io }, name) {
    if (flags.cert === '' || flags.key === '') throw new CommandError('key and cert must be specified')
    const cert = fileOf(flags.cert, io)
    const key = fileOf(flags.key, io)
    // differs: whether key and certificate belong together is not looked at
    if (!/-----BEGIN CERTIFICATE-----/.test(cert))
      throw new CommandError('tls: failed to find any PEM data in certificate input')
    if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key))
      throw new CommandError('tls: failed to find any PEM data in key input')
    return secretOf(name, { 'tls.crt': cert, 'tls.key': key }, 'kubernetes.io/tls', flags['append-hash'])
  },
})

/** Create a secret using a specified subcommand. */
export const createSecret = defineCommand({
  name: 'secret',
  usage: 'create secret (docker-registry | generic | tls) [options]',
  summary: 'Create a secret using a specified subcommand',
  subcommands: [dockerRegistry, generic, tls],
})

function makerOf(name: string): Maker {
  return {
    name,
    taken: (key) => `cannot add key ${key}, another key by that name already exists`,
    badKey: (key, reason) => `${JSON.stringify(key)} is not valid key name for a Secret ${reason}`,
  }
}

function secretOf(name: string, texts: Readonly<Record<string, string>>, type: string, isHashed: boolean) {
  const data = Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, toBase64(value)]))
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    ...(Object.keys(data).length > 0 && { data }),
    ...(type !== '' && { type }),
  }
  return isHashed ? appendHash(object, { data, kind: 'Secret', name, type }) : object
}

function fileOf(path: string, io: Io): string {
  const content = io.readFile(path)
  if (content === undefined) throw new CommandError(`Cannot read file ${path}, open ${path}: no such file or directory`)
  return content
}
