import { writeOptions } from '../args/options.ts'
import { infosOf } from '../args/resources.ts'
import { dryRun, selector } from '../args/shared.ts'
import { nameOf, resourcePath, type Cluster, type Target } from '../cluster.ts'
import { defineCommand, type Command } from '../defineCommand.ts'
import { CommandError, gather, throwAll, UsageError } from '../errors.ts'
import type { Io } from '../context.ts'
import type { Node } from '../engine.ts'
import { readDryRun, type DryRun } from '../printers/output.ts'

function define(name: 'cordon' | 'uncordon', summary: string, wanted: boolean): Command {
  return defineCommand({
    name,
    usage: `${name} NODE`,
    summary,
    completes: 'nodes',
    flags: { ...selector, ...dryRun },
    run({ cluster, io, args, flags }) {
      const dry = readDryRun(flags['dry-run'])
      const nodes = nodesOf(name, cluster, io, args, flags.selector)
      throwAll([
        ...nodes.errors,
        ...gather(nodes.targets, (target) => setUnschedulable(cluster, io, target, wanted, dry)),
      ])
      return 0
    },
  })
}

/** Mark node as unschedulable. */
export const cordon = define('cordon', 'Mark node as unschedulable', true)

/** Mark node as schedulable. */
export const uncordon = define('uncordon', 'Mark node as schedulable', false)

/** The nodes that a line of cordon, uncordon or drain means. */
export function nodesOf(
  command: string,
  cluster: Cluster,
  io: Io,
  args: readonly string[],
  selector: readonly string[],
) {
  if (args.length === 0 && selector.length === 0) throw new UsageError(`USAGE: ${command} NODE [flags]`)
  if (args.length > 0 && selector.length > 0)
    throw new UsageError('cannot specify both a node name and a --selector option')
  const words = args.every((arg) => arg.includes('/')) && args.length > 0 ? args : ['nodes', ...args]
  const { infos, errors } = infosOf({ cluster, io, args: words, selector })
  return { targets: infos as readonly (Target & { readonly object: Node })[], errors }
}

/** Cordons or uncordons one node, and says what became of it. */
export function setUnschedulable(
  cluster: Cluster,
  io: Io,
  target: Target & { readonly object: Node },
  wanted: boolean,
  dry: DryRun,
): void {
  const suffix = dry === 'client' ? ' (dry run)' : dry === 'server' ? ' (server dry run)' : ''
  const word = wanted ? 'cordoned' : 'uncordoned'
  if (target.kind.kind !== 'Node')
    throw new CommandError(`expected resource of type node, got ${JSON.stringify(resourcePath(target.kind))}`)
  const isAlready = (target.object.spec.unschedulable ?? false) === wanted
  if (!isAlready && dry !== 'client')
    cluster.patch(
      target,
      { spec: { unschedulable: wanted ? true : null } },
      'strategic',
      writeOptions(dry, 'kubectl-cordon'),
    )
  io.out(`${nameOf(target)} ${isAlready ? `already ${word}` : word}${suffix}\n`)
}
