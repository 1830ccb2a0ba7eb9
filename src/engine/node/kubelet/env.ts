import type { Pod, Service } from '../../api/index.ts'
import { decodeBase64 } from './base64.ts'
import { fieldValue, resourceValue, type FieldView } from './fields.ts'
import type { Container } from './state.ts'
import type { ObjectSources } from './volumes.ts'

/** Where values come from besides the pod. */
export type EnvSources = FieldView & Pick<ObjectSources, 'configMap' | 'secret'>

/** Variables about services, as `serviceVariables` makes them: to look up, and as a list that containers share. */
export interface ServiceVariables {
  readonly values: Readonly<Record<string, string>>
  readonly list: readonly Variable[]
}

export interface Variable {
  readonly name: string
  readonly value: string
}

/** A container's environment, or the reason why it cannot be made: the text of CreateContainerConfigError. */
export type Environment = { readonly variables: readonly Variable[] } | { readonly error: string }

class MissingValue extends Error {}

/** Resolves `env` and `envFrom` and adds the service variables. upstream: kubelet_pods.go makeEnvironmentVariables */
export function environmentOf(container: Container, sources: EnvSources, services: ServiceVariables): Environment {
  const { env, envFrom } = container
  if (env === undefined && envFrom === undefined) return { variables: services.list }
  try {
    const values = new Map<string, string>()
    for (const from of envFrom ?? []) takeAll(from, sources, values)
    for (const variable of env ?? []) {
      const value = valueOf(variable, container, sources, (name) => values.get(name) ?? services.values[name])
      if (value === undefined) continue
      values.delete(variable.name)
      values.set(variable.name, value)
    }
    const variables = [...values].map(([name, value]) => ({ name, value }))
    for (const variable of services.list) if (!values.has(variable.name)) variables.push(variable)
    return { variables }
  } catch (error) {
    if (error instanceof MissingValue) return { error: error.message }
    throw error
  }
}

type EnvVar = NonNullable<Container['env']>[number]
type EnvFrom = NonNullable<Container['envFrom']>[number]

function valueOf(
  { value, valueFrom }: EnvVar,
  container: Container,
  sources: EnvSources,
  lookUp: (name: string) => string | undefined,
): string | undefined {
  if (valueFrom === undefined) return expand(value ?? '', lookUp)
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom
  if (fieldRef) return fieldValue(fieldRef.fieldPath, sources)
  if (resourceFieldRef) return resourceValue(resourceFieldRef, container.name, sources)
  const { namespace } = sources.pod.metadata
  if (configMapKeyRef) {
    const { name = '', key, optional } = configMapKeyRef
    const map = sources.configMap(name, namespace)
    if (map === undefined) return optional ? undefined : missing(`configmap "${name}" not found`)
    return (
      map.data?.[key] ?? (optional ? undefined : missing(`couldn't find key ${key} in ConfigMap ${namespace}/${name}`))
    )
  }
  if (secretKeyRef === undefined) return ''
  const { name = '', key, optional } = secretKeyRef
  const secret = sources.secret(name, namespace)
  if (secret === undefined) return optional ? undefined : missing(`secret "${name}" not found`)
  const encoded = secret.data?.[key]
  if (encoded === undefined)
    return optional ? undefined : missing(`couldn't find key ${key} in Secret ${namespace}/${name}`)
  return decodeBase64(encoded)
}

function takeAll(
  { configMapRef, secretRef, prefix = '' }: EnvFrom,
  sources: EnvSources,
  values: Map<string, string>,
): void {
  const { namespace } = sources.pod.metadata
  if (configMapRef) {
    const { name = '', optional } = configMapRef
    const map = sources.configMap(name, namespace)
    if (map === undefined && !optional) missing(`configmap "${name}" not found`)
    for (const key in map?.data) values.set(prefix + key, map.data[key]!)
  }
  if (secretRef) {
    const { name = '', optional } = secretRef
    const secret = sources.secret(name, namespace)
    if (secret === undefined && !optional) missing(`secret "${name}" not found`)
    for (const key in secret?.data) values.set(prefix + key, decodeBase64(secret.data[key]!))
  }
}

function missing(message: string): never {
  throw new MissingValue(message)
}

/** `$(NAME)` becomes its value, `$$` a dollar; an unknown name stays as it is. upstream: third_party/forked/golang/expansion */
export function expand(text: string, lookUp: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text
  return text.replace(/\$(\$|\(([^()]*)\))/g, (whole, sign: string, name: string | undefined) =>
    sign === '$' ? '$' : (lookUp(name ?? '') ?? whole),
  )
}

/** A command or its arguments with the container's own variables filled in. */
export function expandAll(
  words: readonly string[] | undefined,
  variables: readonly Variable[],
): readonly string[] | undefined {
  if (words === undefined || !words.some((word) => word.includes('$'))) return words
  const values = new Map(variables.map(({ name, value }) => [name, value]))
  return words.map((word) => expand(word, (name) => values.get(name)))
}

/** The variables by which a pod finds services: those of its namespace and `kubernetes`. upstream: pkg/kubelet/envvars */
export function serviceVariables(services: Iterable<Service>, pod: Pod): ServiceVariables {
  const values: Record<string, string> = {}
  const isLinked = pod.spec.enableServiceLinks ?? true
  for (const service of services) {
    const { name, namespace } = service.metadata
    const isMaster = namespace === 'default' && name === 'kubernetes'
    if (isMaster || (isLinked && namespace === pod.metadata.namespace)) addService(service, values)
  }
  const list = Object.entries(values).map(([name, value]) => Object.freeze({ name, value }))
  return { values, list: Object.freeze(list) }
}

function addService({ metadata, spec }: Service, variables: Record<string, string>): void {
  const ports = spec.ports ?? []
  const host = spec.clusterIP
  if (host === undefined || host === '' || host === 'None' || ports.length === 0) return
  const prefix = metadata.name.toUpperCase().replaceAll('-', '_')
  variables[`${prefix}_SERVICE_HOST`] = host
  variables[`${prefix}_SERVICE_PORT`] = String(ports[0]!.port)
  for (const { name, port } of ports)
    if (name) variables[`${prefix}_SERVICE_PORT_${name.toUpperCase().replaceAll('-', '_')}`] = String(port)
  ports.forEach(({ port, protocol = 'TCP' }, index) => {
    const url = `${protocol.toLowerCase()}://${host}:${port}`
    if (index === 0) variables[`${prefix}_PORT`] = url
    const key = `${prefix}_PORT_${port}_${protocol}`
    variables[key] = url
    variables[`${key}_PROTO`] = protocol.toLowerCase()
    variables[`${key}_PORT`] = String(port)
    variables[`${key}_ADDR`] = host
  })
}
