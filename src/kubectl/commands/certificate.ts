import { bool } from '../args/flags.ts'
import { infosOf } from '../args/resources.ts'
import { files, output } from '../args/shared.ts'
import { pathOf } from '../cluster.ts'
import { defineCommand, type Call, type Command } from '../defineCommand.ts'
import { CommandError, gather, throwAll } from '../errors.ts'
import { formatTime, type CertificateSigningRequest, type KubeObject } from '../engine.ts'
import { createReporter } from '../printers/output.ts'

const flags = { ...files, ...output, force: bool('Write it down even if it has been said before') }

interface Verdict {
  readonly name: 'approve' | 'deny'
  readonly type: 'Approved' | 'Denied'
  readonly reason: string
  readonly summary: string
}

/** One of the two answers to a request for a certificate. */
// upstream: kubectl/pkg/cmd/certificates/certificates.go
function define({ name, type, reason, summary }: Verdict): Command {
  const done = type.toLowerCase()
  return defineCommand({
    name,
    usage: `certificate ${name} (-f FILENAME | NAME)`,
    summary,
    examples: [`kubectl certificate ${name} csr-sqgzp`],
    completes: 'none',
    flags,
    run(call: Call<typeof flags>) {
      const { cluster, io, args, flags, now } = call
      if (args.length === 0 && flags.filename.length === 0)
        throw new CommandError('one or more CSRs must be specified as <name> or -f <filename>')
      const kind = cluster.kind('certificatesigningrequests')
      const named = args.length > 0 ? [kind.plural, ...args] : []
      const { infos, errors } = infosOf({ ...flags, cluster, io, args: named })
      const report = createReporter(flags, io)
      const failures = gather(infos, (info) => {
        const request = cluster.get<CertificateSigningRequest>(info)
        const conditions = request.status?.conditions ?? []
        const opposite = conditions.find(
          (one) => one.type !== type && (one.type === 'Approved' || one.type === 'Denied'),
        )
        if (opposite !== undefined)
          throw new CommandError(`certificate signing request "${info.name}" is already ${opposite.type}`)
        const isSaid = conditions.some((one) => one.type === type)
        if (isSaid && !flags.force) return report(info, done, info.object)
        const condition = {
          type,
          status: 'True',
          reason,
          message: `This CSR was ${done} by kubectl certificate ${name}.`,
          lastUpdateTime: formatTime(now()),
        }
        const body = {
          ...request,
          status: { ...request.status, conditions: isSaid ? conditions : [...conditions, condition] },
        }
        const place = { ...pathOf(kind, undefined), name: info.name, subresource: 'approval' }
        report(info, done, cluster.send<KubeObject>({ verb: 'update', ...place, body }))
      })
      throwAll([...errors, ...failures])
      if (infos.length === 0) io.out('No resources found\n')
      return 0
    },
  })
}

/** Modify certificate resources. */
export const certificate = defineCommand({
  name: 'certificate',
  usage: 'certificate SUBCOMMAND [options]',
  summary: 'Modify certificate resources',
  subcommands: [
    define({
      name: 'approve',
      type: 'Approved',
      reason: 'KubectlApprove',
      summary: 'Approve a certificate signing request',
    }),
    define({ name: 'deny', type: 'Denied', reason: 'KubectlDeny', summary: 'Deny a certificate signing request' }),
  ],
})
