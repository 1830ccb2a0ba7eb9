import {
  each,
  formatSelector,
  invalidValue,
  isCidr,
  isPortName,
  isPortNumber,
  notAllowed,
  required,
  unsupported,
  type FieldError,
  type NetworkPolicy,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { cidrWarnings } from '../rules/canonical.ts'
import { selectorErrors } from '../rules/labelSelector.ts'
import { isStrictlyWithin, parseCidr } from './cidr.ts'

/** Which connections the pods it selects may have. */
export const networkPolicy = defineKind<NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  hasGeneration: true,
  defaults(draft) {
    draft.spec ??= {}
    const { spec } = draft
    spec.podSelector ??= {}
    for (const { ports } of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
      for (const port of ports ?? []) port.protocol ??= 'TCP'
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']
  },
  validate: (policy) => policyErrors(policy, none),
  validateUpdate: (next, old) => policyErrors(next, rangesOf(old)),
  warnings: ({ spec }) => rangeWarnings(spec),
  columns: [
    nameColumn,
    { name: 'Pod-Selector', cell: ({ spec }) => formatSelector(spec.podSelector) || '<none>' },
    ageColumn,
  ],
})

type Spec = NetworkPolicy['spec']
type Port = NonNullable<NonNullable<Spec['ingress']>[number]['ports']>[number]
type Peer = NonNullable<NonNullable<Spec['ingress']>[number]['from']>[number]

const none: ReadonlySet<string> = new Set()

/** The two sides of a policy, both as lists of ports and peers. */
function sidesOf({ ingress, egress }: Spec) {
  type Side = { readonly ports?: readonly Port[]; readonly from?: readonly Peer[]; readonly to?: readonly Peer[] }
  return [
    { name: 'ingress', peers: 'from', rules: (ingress ?? []) as readonly Side[] },
    { name: 'egress', peers: 'to', rules: (egress ?? []) as readonly Side[] },
  ] as const
}

/** Ranges that were accepted once stay accepted. */
function rangesOf({ spec }: NetworkPolicy): ReadonlySet<string> {
  const ranges = new Set<string>()
  for (const { peers, rules } of sidesOf(spec))
    for (const rule of rules)
      for (const { ipBlock } of rule[peers] ?? [])
        if (ipBlock !== undefined) for (const range of [ipBlock.cidr, ...(ipBlock.except ?? [])]) ranges.add(range)
  return ranges
}

// upstream: pkg/registry/networking/networkpolicy/strategy.go networkPolicyWarnings
function rangeWarnings(spec: Spec): readonly string[] {
  return sidesOf(spec).flatMap(({ name, peers, rules }) =>
    rules.flatMap((rule, index) =>
      (rule[peers] ?? []).flatMap(({ ipBlock }, place) => {
        if (ipBlock === undefined) return []
        const at = `spec.${name}[${index}].${peers}[${place}].ipBlock`
        const rest = (ipBlock.except ?? []).flatMap((range, which) => cidrWarnings(`${at}.except[${which}]`, range))
        return [...cidrWarnings(`${at}.cidr`, ipBlock.cidr), ...rest]
      }),
    ),
  )
}

// upstream: pkg/apis/networking/validation/validation.go ValidateNetworkPolicySpec
function policyErrors({ spec }: NetworkPolicy, known: ReadonlySet<string>): readonly FieldError[] {
  const errors: FieldError[] = [...selectorErrors('spec.podSelector', spec.podSelector)]
  for (const { name, peers, rules } of sidesOf(spec))
    rules.forEach((rule, index) => {
      const at = `spec.${name}[${index}]`
      rule.ports?.forEach((port, place) => portErrors(errors, `${at}.ports[${place}]`, port))
      rule[peers]?.forEach((peer, place) => peerErrors(errors, `${at}.${peers}[${place}]`, peer, known))
    })
  const types = spec.policyTypes ?? []
  if (types.length > 2)
    errors.push(invalidValue('spec.policyTypes', types, 'may not specify more than two policyTypes'))
  else
    types.forEach((type, index) => {
      if (type !== 'Ingress' && type !== 'Egress')
        errors.push(unsupported(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress']))
    })
  return errors
}

const protocols = ['TCP', 'UDP', 'SCTP']

function portErrors(errors: FieldError[], path: string, { protocol, port, endPort }: Port): void {
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(unsupported(`${path}.protocol`, protocol, protocols))
  const end = (text: string, value = endPort): unknown => errors.push(invalidValue(`${path}.endPort`, value, text))
  if (port === undefined) {
    if (endPort !== undefined) end('may not be specified when `port` is not specified')
  } else if (typeof port === 'number') {
    errors.push(...each(`${path}.port`, port, isPortNumber(port)))
    if (endPort === undefined) return
    if (endPort < port) end('must be greater than or equal to `port`', port)
    for (const text of isPortNumber(endPort)) end(text)
  } else {
    if (endPort !== undefined) end('may not be specified when `port` is non-numeric')
    errors.push(...each(`${path}.port`, port, isPortName(String(port))))
  }
}

function peerErrors(errors: FieldError[], path: string, peer: Peer, known: ReadonlySet<string>): void {
  const { podSelector, namespaceSelector, ipBlock } = peer
  errors.push(...selectorErrors(`${path}.podSelector`, podSelector))
  errors.push(...selectorErrors(`${path}.namespaceSelector`, namespaceSelector))
  if (ipBlock !== undefined) blockErrors(errors, `${path}.ipBlock`, ipBlock, known)
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined
  if (!hasSelector && ipBlock === undefined) errors.push(required(path, 'must specify a peer'))
  else if (hasSelector && ipBlock !== undefined)
    errors.push(notAllowed(path, 'may not specify both ipBlock and another peer'))
}

type Block = NonNullable<Peer['ipBlock']>

function blockErrors(errors: FieldError[], path: string, block: Block, known: ReadonlySet<string>): void {
  const { cidr, except = [] } = block
  if (!cidr) return void errors.push(required(`${path}.cidr`))
  if (!known.has(cidr)) errors.push(...each(`${path}.cidr`, cidr, isCidr(cidr)))
  const outer = parseCidr(cidr)
  if (outer === undefined) return
  except.forEach((text, index) => {
    const at = `${path}.except[${index}]`
    if (!known.has(text)) errors.push(...each(at, text, isCidr(text)))
    const inner = parseCidr(text)
    if (inner !== undefined && !isStrictlyWithin(outer, inner))
      errors.push(invalidValue(at, text, 'must be a strict subset of `cidr`'))
  })
}
