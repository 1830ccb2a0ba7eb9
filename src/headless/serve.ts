import { writeFileSync } from 'node:fs'
import { descriptions } from '#descriptions'
import { createCluster, describedBy } from '#engine'
import { kubeconfigFor } from './serve/kubeconfig.ts'
import { OptionError, readOptions, usage } from './serve/options.ts'
import { serveCluster } from './serve/server.ts'

/** Opens a cluster as an HTTP API server on loopback, for the real kubectl and other clients. */
const words = process.argv.slice(2)
if (words.includes('--help')) process.stdout.write(usage)
else
  try {
    const { port, nodes, seed, speed, kubeconfig, members } = readOptions(words)
    const cluster = createCluster({ seed, nodes, etcdMembers: members, startMs: Date.now() })
    const { url } = await serveCluster(cluster, { port, speed, describe: describedBy(descriptions) })
    process.stdout.write(`${url}\n`)
    if (kubeconfig !== undefined) writeFileSync(kubeconfig, kubeconfigFor(url))
    process.stderr.write(
      kubeconfig === undefined
        ? `kubectl --server ${url} get nodes   (or write a kubeconfig with --kubeconfig PATH)\n`
        : `export KUBECONFIG=${kubeconfig}\n`,
    )
  } catch (error) {
    const isUse = error instanceof OptionError || (error as { code?: string }).code === 'EADDRINUSE'
    process.stderr.write(`${isUse ? (error as Error).message : String((error as Error).stack)}\n${isUse ? usage : ''}`)
    process.exit(isUse ? 2 : 1)
  }
