import type { Api, ApiAnswer, ApiRequest, KindInfo } from '../../../src/engine/api/index.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'

const notFound: ApiAnswer = {
  code: 404,
  body: { kind: 'Status', reason: 'NotFound', message: 'not found', code: 404 },
  warnings: [],
}

/** An API that holds one object at most and only notes what it is sent. */
export function createStubApi(live: object | undefined): { readonly api: Api; readonly sent: ApiRequest[] } {
  const sent: ApiRequest[] = []
  const infos = kinds as unknown as readonly KindInfo[]
  const request = (each: ApiRequest): ApiAnswer => {
    if (each.verb === 'get') return live === undefined ? notFound : { code: 200, body: live, warnings: [] }
    sent.push(each)
    return { code: 200, body: each.verb === 'create' ? each.body : live, warnings: [] }
  }
  const api = { user: { name: 'you', groups: [] }, request, kinds: () => infos } as unknown as Api
  return { api, sent }
}
