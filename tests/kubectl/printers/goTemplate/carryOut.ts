import { TemplateError } from '../../../../src/kubectl/printers/goTemplate/failure.ts'
import { readTemplate } from '../../../../src/kubectl/printers/goTemplate/goTemplate.ts'
import { toText } from '../../../../src/kubectl/printers/goTemplate/bytes.ts'

/** A template, what Go's text/template writes for it over `pod`, and what it complains of. */
export type Row = readonly [template: string, text: string, error?: string]

/** The data of all tables. */
export const pod = {
  kind: 'Pod',
  metadata: { name: 'web-0', labels: { tier: 'front', app: 'web' }, owner: null },
  spec: {
    replicas: 3,
    ratio: 0.5,
    big: 1234567.891,
    on: true,
    empty: '',
    greeting: 'héllo ☸',
    containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [80, 443] }, { name: 'side' }],
    list: [1, 2, 3],
    mixed: [1, 'a', true, null, 2.5, { k: 'v' }],
    none: [],
  },
  data: { pass: 'cEBzcyB3b3Jk', torn: 'cGE', odd: 'a!' },
}

/** A row as it really is. */
export function carriedOut(template: string, mayMiss = true, data: unknown = pod): Row {
  try {
    const { text, error } = readTemplate(template, mayMiss)(data)
    return error === undefined ? [template, text] : [template, text, toText(error.message)]
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return [template, '', toText(error.message)]
  }
}
