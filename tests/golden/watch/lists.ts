import type { Recording, Verdict } from '../api/recordings.ts'
import { bareServer, type Bare, type Json } from '../api/server.ts'
import { verdictOf } from './compare.ts'

interface Page {
  readonly code: number
  readonly names: readonly string[]
  readonly remainingItemCount: number | null
  readonly hasContinue: boolean
  readonly sameResourceVersionAsFirst?: boolean
}

/** A list, or the pages of one. */
export interface ListCase extends Recording {
  readonly request: string
  readonly code?: number
  readonly names?: readonly string[]
  readonly item0?: string
  readonly listVersion?: string
  readonly hasContinue?: boolean
  readonly remainingItemCount?: number | null
  readonly status?: Json
  readonly pages?: readonly Page[]
}

interface List {
  readonly items: readonly { metadata: { name: string; namespace: string }; data?: { k?: string } }[]
  readonly metadata: {
    readonly resourceVersion: string
    readonly continue?: string
    readonly remainingItemCount?: number
  }
}

const base = '/api/v1/namespaces/default/configmaps'

/** Plays a list; its ConfigMaps are `item-0` to `item-6`. */
export function playList(one: ListCase): Verdict {
  const bare = bareServer()
  for (let index = 0; index < 7; index++) {
    const metadata = { name: `item-${index}`, labels: { paged: 'yes' } }
    bare.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { k: '1' } })
  }
  return one.pages ? playPages(bare, one, one.pages) : playVersion(bare, one)
}

function playPages(bare: Bare, { name, request }: ListCase, pages: readonly Page[]): Verdict {
  const path = request.replace('GET ', '')
  const isSpread = !path.includes('/namespaces/')
  // the real server keeps a ConfigMap of its own in kube-system
  if (isSpread) {
    const metadata = { name: 'kube-apiserver-legacy-service-account-token-tracking', namespace: 'kube-system' }
    bare.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata })
  }
  let token = ''
  let first = ''
  const got = pages.map((page, index) => {
    const { code, body } = bare.send('GET', token === '' ? path : `${path}&continue=${token}`)
    const { items, metadata } = body as List
    token = metadata.continue ?? ''
    first ||= metadata.resourceVersion
    if (index === 0) bare.send('PATCH', `${base}/item-6`, { data: { k: '2' } }, 'application/merge-patch+json')
    return {
      code,
      names: items.map((item) => (isSpread ? `${item.metadata.namespace}/` : '') + item.metadata.name),
      remainingItemCount: metadata.remainingItemCount ?? null,
      hasContinue: token !== '',
      ...(page.sameResourceVersionAsFirst !== undefined && {
        sameResourceVersionAsFirst: metadata.resourceVersion === first,
      }),
    }
  })
  return verdictOf(name, pages, got)
}

function playVersion(bare: Bare, one: ListCase): Verdict {
  const { name, request, code = 200, names, item0, listVersion, hasContinue, remainingItemCount, status } = one
  const past = bare.server.revision()
  bare.send('PATCH', `${base}/item-0`, { data: { k: 'changed' } }, 'application/merge-patch+json')
  bare.send('DELETE', `${base}/item-6`)
  const answer = bare.send('GET', request.replace('GET ', '').replace('PAST', String(past)).replace('FUTURE', '999999'))
  if (code >= 400) return verdictOf(name, { code, status }, { code: answer.code, status: withoutVersions(answer.body) })
  const { items, metadata } = answer.body as List
  const got = {
    code: answer.code,
    names: items.map((item) => item.metadata.name),
    item0: items[0]?.data?.k,
    listVersion: metadata.resourceVersion === String(past) ? 'PAST' : 'later than PAST',
    hasContinue: metadata.continue !== undefined,
    remainingItemCount: metadata.remainingItemCount ?? null,
  }
  return verdictOf(name, { code, names, item0, listVersion, hasContinue, remainingItemCount }, got)
}

function withoutVersions(body: unknown): unknown {
  const text = JSON.stringify(body)
    .replace('999999', '<future>')
    .replace(/current: \d+/, 'current: <rv>')
  return JSON.parse(text) as unknown
}
