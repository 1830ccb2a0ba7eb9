import { bool, text } from '../../args/flags.ts'
import { allNamespaces } from '../../args/shared.ts'
import { pathOf } from '../../cluster.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import type { KindInfo } from '../../engine.ts'
import { CommandError, Exit } from '../../errors.ts'
import { listRules } from './rulesList.ts'

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const verbs = set(
  '* get list watch create update patch delete deletecollection use bind impersonate approve sign escalate attest',
)
const pathVerbs = set('get put post head options delete patch *')

/** What RBAC knows and the API does not serve. */
const unserved = set('users groups')

const flags = {
  ...allNamespaces,
  list: bool('Everything that is allowed'),
  'no-headers': bool('Leave the headers out'),
  quiet: bool('Answer by the exit code alone', false, { short: 'q' }),
  subresource: text('A part of the resource: log, scale'),
}

type CanICall = Call<typeof flags>

/** Check whether an action is allowed. */
// upstream: kubectl/pkg/cmd/auth/cani.go
export const canI = defineCommand({
  name: 'can-i',
  usage: 'auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  summary: 'Check whether an action is allowed',
  completes: 'resources',
  flags,
  run(call) {
    if (call.flags.list) return list(call)
    const question = questionOf(call)
    check(call, question)
    return ask(call, question)
  },
})

function list({ args, flags, cluster, io }: CanICall): number {
  if (args.length > 0) throw new CommandError('list option must be specified with no arguments')
  if (flags.quiet || flags['all-namespaces'] || flags.subresource !== '')
    throw new CommandError(`list option can't be specified with neither quiet, all-namespaces nor subresource options`)
  listRules(cluster, io, !flags['no-headers'])
  return 0
}

interface Question {
  readonly verb: string
  /** a path that is no resource */
  readonly path?: string
  readonly kind?: KindInfo | undefined
  readonly resource: string
  readonly name: string
}

function questionOf({ args, cluster, io }: CanICall): Question {
  if (args.length !== 2)
    throw new CommandError(
      `you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.`,
    )
  const [verb, word] = args as [string, string]
  if (word.startsWith('/')) return { verb, path: word, resource: '', name: '' }
  const [type = '', name = ''] = word.split(/\/(.*)/s)
  if (type === '*') return { verb, resource: type, name }
  const kind = cluster.api.findKind(type)
  if (kind !== undefined) return { verb, kind, resource: kind.plural, name }
  const [resource = '', group = ''] = type.toLowerCase().split(/\.(.*)/s)
  const inGroup = group === '' ? '' : ` in group '${group}'`
  if (!unserved.has(type.toLowerCase()))
    io.err(`Warning: the server doesn't have a resource type '${resource}'${inGroup}\n\n`)
  return { verb, resource: type, name }
}

function check({ flags, io }: CanICall, { verb, path, kind }: Question): void {
  const warnOfVerb = (): void => io.err(`Warning: verb '${verb}' is not a known verb\n\n`)
  if (path !== undefined) {
    if (flags.subresource !== '') throw new CommandError('--subresource can not be used with NonResourceURL')
    if (!pathVerbs.has(verb)) warnOfVerb()
  } else if (!flags['all-namespaces']) {
    if (kind?.namespaced === false)
      io.err(
        `Warning: resource '${kind.plural}' is not namespace scoped${kind.group === '' ? '' : ` in group '${kind.group}'`}\n\n`,
      )
    if (!verbs.has(verb)) warnOfVerb()
  }
  if (flags['no-headers']) throw new CommandError('--no-headers cannot be set without --list specified')
}

interface AccessReview {
  readonly status: { readonly allowed: boolean; readonly reason?: string; readonly evaluationError?: string }
}

function ask({ cluster, flags, io }: CanICall, { verb, path, kind, resource, name }: Question): number {
  const resourceAttributes = {
    ...(!flags['all-namespaces'] && { namespace: cluster.namespace }),
    verb,
    ...(kind !== undefined && kind.group !== '' && { group: kind.group }),
    resource,
    ...(flags.subresource !== '' && { subresource: flags.subresource }),
    ...(name !== '' && { name }),
  }
  const spec = path === undefined ? { resourceAttributes } : { nonResourceAttributes: { path, verb } }
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: {}, spec }
  const reviews = cluster.kind('selfsubjectaccessreviews')
  const { status } = cluster.send<AccessReview>({ verb: 'create', ...pathOf(reviews, undefined), body: review })
  const why = [status.reason, status.evaluationError].map((text) => (text ? ` - ${text}` : '')).join('')
  if (!flags.quiet) io.out(status.allowed ? 'yes\n' : `no${why}\n`)
  if (!status.allowed) throw new Exit(1)
  return 0
}
