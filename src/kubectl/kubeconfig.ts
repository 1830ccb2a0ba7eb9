import type { KindInfo } from './engine.ts'

/** A kubeconfig file, as far as kubectl config looks at it. */
export interface Kubeconfig {
  readonly clusters: readonly Named<'cluster'>[]
  readonly contexts: readonly Named<'context'>[]
  readonly users: readonly Named<'user'>[]
  readonly currentContext: string
}

/** An entry of a kubeconfig's list: a name, and what it stands for. */
export type Named<Word extends string> = { readonly name: string } & Readonly<
  Record<Word, Readonly<Record<string, unknown>>>
>

/** What outlives a command line: plain data that its host keeps. */
export interface Session {
  config: Kubeconfig
  /** custom kinds that have been met: kubectl's cache of discovery */
  discovered?: KindInfo[]
}

/** The session a fresh cluster starts with, named as kubeadm names things. */
export function createSession(): Session {
  return {
    config: {
      clusters: [
        { name: 'kubernetes', cluster: { server: 'https://127.0.0.1:6443', 'certificate-authority-data': 'Y2E=' } },
      ],
      contexts: [{ name: 'kubernetes-admin@kubernetes', context: { cluster: 'kubernetes', user: 'kubernetes-admin' } }],
      users: [{ name: 'kubernetes-admin', user: { token: 'drydock' } }],
      currentContext: 'kubernetes-admin@kubernetes',
    },
  }
}

/** The context that applies: the one asked for, else the current one. */
export function contextOf(config: Kubeconfig, asked: string): Readonly<Record<string, unknown>> | undefined {
  const name = asked === '' ? config.currentContext : asked
  return config.contexts.find((context) => context.name === name)?.context
}

/** `127.0.0.1:6443`: how messages name the server. */
export function serverOf(config: Kubeconfig): string {
  const context = contextOf(config, '')
  const cluster = config.clusters.find(({ name }) => name === context?.['cluster'])
  return String(cluster?.cluster['server'] ?? 'localhost:8080').replace(/^https?:\/\//, '')
}
