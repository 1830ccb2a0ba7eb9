import { lastApplied } from '../../args/options.ts'
import { pathOf, type Cluster, type Target } from '../../cluster.ts'
import { withSource } from '../../errors.ts'
import { typeOf, type KubeObject } from '../../engine.ts'
import { PatchError, threeWayMergePatch, threeWayPatch, type Json } from '../../patch/threeWay.ts'
import { sortedJson } from '../../printers/json.ts'

/**
 * What has to be sent so that `live` becomes what the manifest of `source` says. Throws why no patch can be worked out, or,
 * where nothing that others changed may be overwritten, what they changed.
 */
// upstream: kubectl/pkg/cmd/apply/patcher.go
export function patchFor(
  cluster: Cluster,
  target: Target,
  source: string | undefined,
  modified: KubeObject,
  live: KubeObject,
  mayOverwrite = true,
): Json {
  const { kind } = target
  const noted = live.metadata.annotations?.[lastApplied]
  const original = noted === undefined ? {} : (JSON.parse(noted) as Json)
  const type = typeOf(kind.group, kind.version, kind.kind)
  const [next, now] = [modified as unknown as Json, (mayOverwrite ? live : whole(cluster, target)) as Json]
  try {
    return type === undefined
      ? threeWayMergePatch(original, next, now)
      : threeWayPatch(type, original, next, now, mayOverwrite)
  } catch (error) {
    if (!(error instanceof PatchError)) throw error
    // the schema the server publishes is asked first; what is built in fails in the same way
    cluster.warn(`warning: error calculating patch from openapi v3 spec: ${error.bySchema}\n`)
    const texts = [noted ?? '', `${sortedJson(modified)}\n`, `${sortedJson(whole(cluster, target))}\n`]
    const words = `creating patch with:\noriginal:\n${texts[0]}\nmodified:\n${texts[1]}\ncurrent:\n${texts[2]}\nfor: ${error.message}`
    throw withSource(new PatchError(words), 'patching', source)
  }
}

/** The live object with the notes on who manages its fields, which such an error quotes. */
function whole({ api }: Cluster, { kind, namespace, name }: Target): unknown {
  return api.request({ verb: 'get', ...pathOf(kind, namespace), name, showsFields: true }).body
}
