import { isQualifiedName, type KubeObject } from '../../api/index.ts'

const standard: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes'])
const why = 'to avoid accidental conflicts with other finalizer writers'

/** What is told of a custom resource's new finalizers, whose names nothing refuses. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/{strategy,validator}.go
export function finalizerWarnings(next: KubeObject, old: KubeObject | undefined): readonly string[] {
  const before = old?.metadata.finalizers ?? []
  const added = new Set((next.metadata.finalizers ?? []).filter((name) => !before.includes(name)))
  return [...added].toSorted().flatMap((name) => {
    const texts = [...isQualifiedName(name)]
    if (!name.includes('/') && !standard.has(name))
      texts.push(`prefer a domain-qualified finalizer name ${name.includes('.') ? 'including a path (/) ' : ''}${why}`)
    return texts.map((text) => `metadata.finalizers: ${JSON.stringify(name)}: ${text}`)
  })
}
