import { output } from '../../args/shared.ts'
import { pathOf } from '../../cluster.ts'
import { defineCommand } from '../../defineCommand.ts'
import { ApiError } from '../../engine.ts'
import { CommandError } from '../../errors.ts'
import { createPrinter } from '../../printers/output.ts'
import { alignTabs, wideTabs } from '../../printers/tabWriter.ts'

interface SelfReview {
  readonly status: {
    readonly userInfo: {
      readonly username?: string
      readonly uid?: string
      readonly groups?: readonly string[]
      readonly extra?: Readonly<Record<string, readonly string[]>>
    }
  }
}

/** Check self subject attributes. */
// upstream: kubectl/pkg/cmd/auth/whoami.go
export const whoAmI = defineCommand({
  name: 'whoami',
  usage: 'auth whoami',
  summary: 'Experimental: Check self subject attributes',
  completes: 'none',
  flags: output,
  run({ cluster, io, flags }) {
    const printer = createPrinter(flags, io)
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: {} }
    const path = pathOf(cluster.kind('selfsubjectreviews'), undefined)
    let answer: SelfReview
    try {
      answer = cluster.send<SelfReview>({ verb: 'create', ...path, body: review })
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 403) throw error
      throw new CommandError(
        'the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it',
      )
    }
    if (printer !== undefined) printer(answer)
    else io.out(`${alignTabs(linesOf(answer).join('\n'), wideTabs)}\n`)
    return 0
  },
})

function linesOf({ status }: SelfReview): readonly string[] {
  const { username, uid, groups = [], extra = {} } = status.userInfo
  const list = (words: readonly string[]): string => `[${words.join(' ')}]`
  return [
    'ATTRIBUTE\tVALUE',
    ...(username ? [`Username\t${username}`] : []),
    ...(uid ? [`UID\t${uid}`] : []),
    ...(groups.length > 0 ? [`Groups\t${list(groups)}`] : []),
    ...Object.keys(extra)
      .sort()
      .map((key) => `Extra: ${key}\t${list(extra[key]!)}`),
  ]
}
