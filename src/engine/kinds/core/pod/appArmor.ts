import { isEqual, type Draft, type Pod } from '../../../api/index.ts'
import { pathBytesMax } from './security.ts'
import { containersOf, type ContainerDraft, type PodSpec, type SecurityContext } from './types.ts'

type Profile = NonNullable<SecurityContext['appArmorProfile']>
type Annotations = Readonly<Record<string, string>>

/** How annotations of old name the profile of the container whose name follows. */
export const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/'

/** What is said of such an annotation. */
export const appArmorText = 'deprecated since v1.30; use the "appArmorProfile" field instead'

/** The profile that an annotation's text means; undefined when it means none. */
// upstream: pkg/registry/core/pod/strategy.go apparmorFieldForAnnotation
export function appArmorField(text: string): Profile | undefined {
  if (text === 'unconfined') return { type: 'Unconfined' }
  if (text === 'runtime/default') return { type: 'RuntimeDefault' }
  const name = text.startsWith('localhost/') ? text.slice('localhost/'.length) : ''
  const isFine = name !== '' && name.trim() === name && name.length <= pathBytesMax
  return isFine ? { type: 'Localhost', localhostProfile: name } : undefined
}

/** A new pod says of each annotation that it is outdated, unless it only repeats what holds for the whole pod. */
// upstream: applyAppArmorVersionSkew there
export function appArmorWarnings({ metadata, spec }: Pod): readonly string[] {
  return askedByAnnotation(metadata.annotations, spec)
    .filter(({ isNews }) => isNews)
    .map(({ key }) => `metadata.annotations[${key}]: ${appArmorText}`)
}

/** What annotations of a new pod ask for is written into its containers. */
// upstream: applyAppArmorVersionSkew there
export function applyAppArmor({ metadata, spec }: Draft<Pod>): void {
  for (const { container, profile, isNews } of askedByAnnotation(metadata.annotations, spec as PodSpec)) {
    if (!isNews || profile === undefined) continue
    const draft = container as ContainerDraft
    draft.securityContext = { ...draft.securityContext, appArmorProfile: profile }
  }
}

interface Asked {
  readonly container: PodSpec['containers'][number]
  readonly key: string
  /** what the annotation means, if anything */
  readonly profile: Profile | undefined
  readonly isNews: boolean
}

const none: readonly Asked[] = Object.freeze([])

/** Containers that only an annotation names a profile for; Linux only. */
function askedByAnnotation(annotations: Annotations | undefined, spec: PodSpec): readonly Asked[] {
  if (annotations === undefined || spec.os?.name === 'windows') return none
  const asked: Asked[] = []
  for (const [container] of containersOf(spec, '')) {
    const key = appArmorPrefix + container.name
    const text = annotations[key]
    if (text === undefined || container.securityContext?.appArmorProfile !== undefined) continue
    const profile = appArmorField(text)
    const isNews = profile === undefined || !isEqual(profile, spec.securityContext?.appArmorProfile)
    asked.push({ container, key, profile, isNews })
  }
  return asked
}
