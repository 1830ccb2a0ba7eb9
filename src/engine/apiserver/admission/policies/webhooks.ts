import {
  internalError,
  statusError,
  type EndpointSlice,
  type KubeObject,
  type MutatingWebhookConfiguration,
  type Service,
  type ValidatingWebhookConfiguration,
} from '../../../api/index.ts'
import { CelError, type Frame } from '../../../cel/index.ts'
import { jsonPatch } from '../../patch/json.ts'
import type { AdmissionRequest } from '../admission.ts'
import { replaceDraft } from './draft.ts'
import { isMatch, isRuled, type Match, type Rule } from './match.ts'
import { frameOf, programOf, runProgram } from './scope.ts'
import { meetsConditions } from './validatingAdmissionPolicy.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go
// differs: nothing is sent over the network; what a webhook answers is data beside the Service that it stands behind

/** Where a Service says what the webhook behind it answers, as JSON. */
export const behaviourAnnotation = 'drydock.dev/webhook'

/** What a webhook answers. */
interface Behaviour {
  /** CEL over `object`, `oldObject` and `request`: what is allowed; everything, unless said otherwise */
  readonly allow?: string
  /** why not */
  readonly message?: string
  readonly code?: number
  readonly reason?: string
  readonly warnings?: readonly string[]
  /** operations of a JSON patch, for a webhook that changes objects */
  readonly patch?: readonly unknown[]
  /** it never answers */
  readonly hangs?: boolean
}

type Configuration = ValidatingWebhookConfiguration | MutatingWebhookConfiguration
type Webhook = NonNullable<ValidatingWebhookConfiguration['webhooks']>[number]

/** Calls every webhook that wants to hear of a request; the first that says no, or cannot be reached, ends it. */
export function callWebhooks(configurations: readonly Configuration[], request: AdmissionRequest): void {
  for (const { webhooks = [] } of configurations)
    for (const webhook of webhooks as readonly Webhook[]) {
      const object = request.draft as KubeObject | undefined
      const match = { ...(webhook as Match), resourceRules: webhook.rules as readonly Rule[] }
      if (!webhook.rules?.some((rule) => isRuled(rule as Rule, request, match)) || !isMatch(match, request, object))
        continue
      const frame = frameOf(request, object, undefined, [], { steps: stepsMax })
      if (isAsked(webhook, frame)) call(webhook, request, frame)
    }
}

const stepsMax = 200_000

function isAsked({ name, matchConditions = [], failurePolicy }: Webhook, frame: Frame): boolean {
  const met = meetsConditions(matchConditions, frame, { steps: stepsMax })
  if (typeof met === 'boolean') return met
  if (failurePolicy === 'Ignore') return false
  throw internalError(`failed calling webhook ${JSON.stringify(name)}: ${met}`)
}

function call(webhook: Webhook, request: AdmissionRequest, frame: Frame): void {
  const found = answerOf(webhook, request, frame)
  if (typeof found !== 'string') return act(webhook, found, request, frame)
  if (webhook.failurePolicy === 'Ignore') return
  throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: failed to call webhook: ${found}`)
}

/** What stands behind the webhook's Service, or why it cannot be reached. */
function answerOf(webhook: Webhook, { context }: AdmissionRequest, frame: Frame): Behaviour | string {
  const { service, url } = webhook.clientConfig
  const wait = `timeout=${webhook.timeoutSeconds ?? 10}s`
  if (service === undefined) {
    const host = /^https:\/\/([^/:]+)/.exec(url ?? '')?.[1] ?? ''
    return `Post "${url}${url?.includes('?') ? '&' : '?'}${wait}": dial tcp: lookup ${host}: no such host`
  }
  const { name, namespace, port = 443, path = '' } = service
  const post = `Post "https://${name}.${namespace}.svc:${port}${path}?${wait}"`
  const found = context.find<Service>('Service', name, namespace)
  if (found === undefined) return `${post}: service ${JSON.stringify(name)} not found`
  if (!hasEndpoints(found, context.list<EndpointSlice>('EndpointSlice', namespace)))
    return `${post}: no endpoints available for service ${JSON.stringify(name)}`
  const behaviour = behaviourOf(found)
  if (behaviour === undefined)
    return `${post}: tls: failed to verify certificate: x509: certificate signed by unknown authority`
  if (behaviour.hangs) return `${post}: context deadline exceeded`
  return behaviourFits(behaviour, frame) ?? behaviour
}

function behaviourOf({ metadata }: Service): Behaviour | undefined {
  const text = metadata.annotations?.[behaviourAnnotation]
  if (text === undefined) return undefined
  try {
    const found: unknown = JSON.parse(text)
    return typeof found === 'object' && found !== null ? found : undefined
  } catch {
    return undefined
  }
}

/** A behaviour whose expression cannot be read is a server that answers with an error. */
function behaviourFits({ allow }: Behaviour, frame: Frame): string | undefined {
  if (allow === undefined) return undefined
  try {
    runProgram(programOf(allow), frame, { steps: stepsMax })
    return undefined
  } catch (error) {
    if (error instanceof CelError) return `the server rejected our request for an unknown reason (${error.message})`
    throw error
  }
}

function hasEndpoints({ metadata }: Service, slices: readonly EndpointSlice[]): boolean {
  return slices.some(
    (slice) =>
      slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name &&
      (slice.endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
  )
}

function act({ name }: Webhook, behaviour: Behaviour, request: AdmissionRequest, frame: Frame): void {
  for (const text of behaviour.warnings ?? []) request.warnings.push(text)
  const { allow, patch, message, code = 403, reason = 'Forbidden' } = behaviour
  const isAllowed = allow === undefined || runProgram(programOf(allow), frame, { steps: stepsMax }) === true
  if (!isAllowed) {
    const why = `admission webhook ${JSON.stringify(name)} denied the request`
    const text = message ? `${why}: ${message}` : `${why}: ${reason}`
    throw statusError({ message: text, reason, code: Math.max(code, 400) })
  }
  if (patch !== undefined && request.draft !== undefined)
    replaceDraft(request, jsonPatch(request.draft as unknown as KubeObject, patch) as KubeObject)
}
