import { invalidValue, isPortNumber, isSubdomain, required, type FieldError } from '../../api/index.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/util/webhook/validation.go

interface Service {
  readonly name?: string
  readonly namespace?: string
  readonly path?: string
  readonly port?: number
}

/** How a server reaches a webhook: by an address outside, or by a Service. */
export interface ClientConfig {
  readonly url?: string
  readonly service?: Service
}

/** What is wrong with the way to a webhook. */
export function clientErrors(path: string, { url, service }: ClientConfig): readonly FieldError[] {
  const errors: FieldError[] = []
  if ((url === undefined) === (service === undefined))
    errors.push(required(path, 'exactly one of url or service is required'))
  else if (url !== undefined) urlErrors(errors, `${path}.url`, url)
  else serviceErrors(errors, `${path}.service`, service!)
  return errors
}

const form = '; desired format: https://host[/path]'
const urlParts = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/

/** What is wrong with the address of a webhook outside. */
// upstream: ValidateWebhookURL
function urlErrors(errors: FieldError[], path: string, url: string): void {
  const [, scheme = '', user, host = '', , query = '', fragment = ''] = urlParts.exec(url) ?? []
  if (scheme.toLowerCase() !== 'https')
    errors.push(invalidValue(path, scheme.toLowerCase(), `'https' is the only allowed URL scheme${form}`))
  if (host === '') errors.push(invalidValue(path, host, `host must be specified${form}`))
  if (user !== undefined) errors.push(invalidValue(path, user, 'user information is not permitted in the URL'))
  if (fragment !== '') errors.push(invalidValue(path, fragment, 'fragments are not permitted in the URL'))
  if (query !== '') errors.push(invalidValue(path, query, 'query parameters are not permitted in the URL'))
}

// upstream: ValidateWebhookService, which is given the name for the namespace and the other way round
function serviceErrors(
  errors: FieldError[],
  path: string,
  { name, namespace, port = 0, path: urlPath }: Service,
): void {
  if (!namespace) errors.push(required(`${path}.name`))
  if (!name) errors.push(required(`${path}.namespace`))
  const bad = isPortNumber(port)
  if (bad.length > 0) errors.push(invalidValue(`${path}.port`, port, `port is not valid: ${bad.join(', ')}`))
  if (!urlPath || urlPath === '/') return
  const at = `${path}.path`
  if (urlPath === '//') return void errors.push(invalidValue(at, urlPath, 'segment[0] may not be empty'))
  if (!urlPath.startsWith('/')) errors.push(invalidValue(at, urlPath, "must start with a '/'"))
  const rest = urlPath.slice(1).replace(/\/$/, '')
  rest.split('/').forEach((step, index) => {
    if (step === '') errors.push(invalidValue(at, urlPath, `segment[${index}] may not be empty`))
    else for (const text of isSubdomain(step)) errors.push(invalidValue(at, urlPath, `segment[${index}]: ${text}`))
  })
}
