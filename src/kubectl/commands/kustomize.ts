import { defineCommand } from '../defineCommand.ts'
import { UsageError } from '../errors.ts'
import { buildKustomization } from '../kustomize/build.ts'
import { inLegacyOrder } from '../kustomize/order.ts'
import { readerOf } from '../kustomize/reader.ts'
import { formatYaml } from '../printers/yaml.ts'

/** Build a kustomization target from a directory or URL. */
export const kustomize = defineCommand({
  name: 'kustomize',
  usage: 'kustomize DIR',
  summary: 'Build a kustomization target from a directory or URL',
  examples: ['kubectl kustomize overlays/prod'],
  completes: 'none',
  run({ args, cluster, io }) {
    if (args.length > 1) throw new UsageError('specify one path to kustomization.yaml')
    const objects = inLegacyOrder(buildKustomization(args[0] ?? '.', readerOf(cluster, io)))
    io.out(objects.map(formatYaml).join('---\n'))
    return 0
  },
})
