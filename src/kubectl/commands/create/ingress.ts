import { list, text } from '../../args/flags.ts'
import { CommandError } from '../../errors.ts'
import { defineGenerator } from './generator.ts'

const ruleForm = /^([\w*\-.]*)(\/.*)=([\w-]+):([\w-]+)(,(tls)=?([\w-]+)?)?/

/** Create an ingress with the specified name. */
// upstream: kubectl/pkg/cmd/create/create_ingress.go
export const createIngress = defineGenerator({
  name: 'ingress',
  aliases: ['ing'],
  usage: 'create ingress NAME --rule=host/path=service:port[,tls[=secret]]',
  summary: 'Create an ingress with the specified name',
  examples: ["kubectl create ingress shop --rule='shop.example.com/*=web:80'"],
  makes: { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress', plural: 'ingresses', namespaced: true },
  failure: 'failed to create ingress:',
  flags: {
    class: text('The ingress class'),
    rule: list('host/path=service:port[,tls[=secret]]; a path that ends in * is a prefix; may be repeated'),
    'default-backend': text('service:port for what no rule catches'),
    annotation: list('key=value; may be repeated'),
  },
  make({ flags }, name) {
    const { class: className, rule: rules, annotation, 'default-backend': fallback } = flags
    check(rules, annotation, fallback)
    const annotations = annotation.length === 0 ? undefined : Object.fromEntries(annotation.map(pairOf))
    const tls = tlsOf(rules)
    const [service = '', port = ''] = fallback.split(':')
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, ...(annotations && { annotations }) },
      spec: {
        ...(className !== '' && { ingressClassName: className }),
        ...(fallback !== '' && { defaultBackend: backendOf(service, port) }),
        ...(tls.length > 0 && { tls }),
        ...(rules.length > 0 && { rules: rulesOf(rules) }),
      },
      status: { loadBalancer: {} },
    }
  },
})

function check(rules: readonly string[], annotations: readonly string[], fallback: string): void {
  if (fallback === '' && rules.length === 0)
    throw new CommandError(
      'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
    )
  for (const rule of rules)
    if (!ruleForm.test(rule))
      throw new CommandError(`rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`)
  for (const annotation of annotations)
    if (!annotation.includes('='))
      throw new CommandError(`annotation ${annotation} is invalid and should be in format key=[value]`)
  if (fallback !== '' && fallback.split(':').length !== 2)
    throw new CommandError('default-backend should be in format servicename:serviceport')
}

const pairOf = (pair: string): [string, string] => {
  const [key = '', value = ''] = pair.split(/=(.*)/s)
  return [key, value]
}

const backendOf = (name: string, port: string): object => ({
  service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } },
})

interface Rule {
  host?: string
  http: { paths: object[] }
}

function rulesOf(texts: readonly string[]): readonly Rule[] {
  const rules: Rule[] = []
  for (const text of texts) {
    const [route = ''] = text.split(',')
    const slash = route.indexOf('/')
    const host = route.slice(0, slash)
    const path = pathOf(route.slice(slash))
    const known = rules.find((rule) => (rule.host ?? '') === host)
    if (known) known.http.paths.push(path)
    else rules.push({ ...(host !== '' && { host }), http: { paths: [path] } })
  }
  return rules
}

function pathOf(route: string): object {
  const [path = '', target = ''] = route.split('=')
  const [service = '', port = ''] = target.split(':')
  const isPrefix = path.endsWith('*')
  return {
    path: isPrefix ? path.slice(0, -1) : path,
    pathType: isPrefix ? 'Prefix' : 'Exact',
    backend: backendOf(service, port),
  }
}

interface Tls {
  hosts?: string[]
  secretName?: string
}

/** Hosts that share a secret share an entry; whatever stands after the comma counts, as upstream. */
function tlsOf(texts: readonly string[]): readonly Tls[] {
  const entries: Tls[] = []
  const seen = new Set<string>()
  for (const text of texts) {
    const parts = text.split(',')
    if (parts.length !== 2) continue
    const host = text.slice(0, text.indexOf('/'))
    const secret = parts[1]!.split('=')[1] ?? ''
    const known = secret === '' ? undefined : entries.find(({ secretName }) => secretName === secret)
    if (known) {
      if (!seen.has(host)) known.hosts = [...(known.hosts ?? []), host]
      seen.add(host)
    } else if (host !== '' || secret !== '')
      entries.push({ ...(host !== '' && { hosts: [host] }), ...(secret !== '' && { secretName: secret }) })
  }
  return entries
}
