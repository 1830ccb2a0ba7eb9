import type { Call } from '../defineCommand.ts'

/** Where an object notes the command that changed it. */
const changeCause = 'kubernetes.io/change-cause'

type Recorded = Pick<Call, 'words'> & { readonly flags: { readonly record?: boolean } }

/** The annotation that `--record` leaves; nothing without it. */
// upstream: cli-runtime/pkg/genericclioptions/record_flags.go
export function causeOf({ words, flags }: Recorded): Readonly<Record<string, string>> {
  return flags.record ? { [changeCause]: words } : {}
}

/** An object with that annotation. */
export function recorded<T extends { readonly metadata: object }>(call: Recorded, object: T): T {
  if (!call.flags.record) return object
  const { annotations } = object.metadata as { readonly annotations?: object }
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, ...causeOf(call) } } }
}

/** The patch that notes it on an object in the store; nothing without `--record`. */
export function causePatch(call: Recorded): object | undefined {
  return call.flags.record ? { metadata: { annotations: causeOf(call) } } : undefined
}
