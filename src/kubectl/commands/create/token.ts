import { duration, strings, text } from '../../args/flags.ts'
import { output } from '../../args/shared.ts'
import { defineCommand } from '../../defineCommand.ts'
import { ApiError } from '../../engine.ts'
import { CommandError } from '../../errors.ts'
import { createReporter } from '../../printers/output.ts'
import { nameFrom } from './generator.ts'

interface TokenRequest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly status?: { readonly token?: string }
}

/** Request a service account token. */
// upstream: kubectl/pkg/cmd/create/create_token.go
export const createToken = defineCommand({
  name: 'token',
  usage: 'create token SERVICE_ACCOUNT_NAME',
  summary: 'Request a service account token',
  examples: ['kubectl create token builder --duration=1h'],
  completes: 'none',
  flags: {
    ...output,
    audience: strings('Whom the token is for'),
    duration: duration('How long it is good for', 0),
    'bound-object-kind': text('What the token lives as long as: Pod, Node or Secret'),
    'bound-object-name': text('Its name'),
    'bound-object-uid': text('Its uid'),
  },
  run({ args, dash, flags, cluster, io }) {
    const name = nameFrom(args, dash)
    const boundTo = boundObject(flags['bound-object-kind'], flags['bound-object-name'], flags['bound-object-uid'])
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: {},
      spec: {
        ...(flags.audience.length > 0 && { audiences: flags.audience }),
        ...(flags.duration > 0 && { expirationSeconds: Math.trunc(flags.duration / 1000) }),
        ...(boundTo && { boundObjectRef: boundTo }),
      },
    }
    const place = { group: '', version: 'v1', resource: 'serviceaccounts', namespace: cluster.namespace, name }
    try {
      const answer = cluster.send<TokenRequest>({ verb: 'create', ...place, subresource: 'token', body })
      if (flags.output === '') {
        const token = answer.status?.token ?? ''
        if (token === '') throw new CommandError('failed to create token: no token in server response')
        io.out(token)
        return 0
      }
      createReporter(flags, io, 'none')({ kind: cluster.kind('serviceaccounts'), name }, 'created', answer as never)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new CommandError(`failed to create token: ${error.message}`)
    }
    return 0
  },
})

const boundKinds: Readonly<Record<string, string>> = { Pod: 'v1', Secret: 'v1', Node: 'v1' }

function boundObject(kind: string, name: string, uid: string): object | undefined {
  if (kind === '') {
    if (name !== '') throw new CommandError('--bound-object-name can only be set if --bound-object-kind is provided')
    if (uid !== '') throw new CommandError('--bound-object-uid can only be set if --bound-object-kind is provided')
    return undefined
  }
  const apiVersion = boundKinds[kind]
  if (apiVersion === undefined)
    throw new CommandError(`supported --bound-object-kind values are ${Object.keys(boundKinds).sort().join(', ')}`)
  if (name === '') throw new CommandError('--bound-object-name is required if --bound-object-kind is provided')
  return { kind, apiVersion, name, ...(uid !== '' && { uid }) }
}
