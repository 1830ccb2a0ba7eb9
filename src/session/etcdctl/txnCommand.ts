import type { EtcdDoor, TxnResponse } from '#engine'
import type { Ask } from './leaseCommands.ts'
import { badArgs } from './errors.ts'
import { header, headerFields, jsonLine, lines, plainFormatOf } from './printing.ts'
import { readTxnText } from './txnText.ts'
import type { Line } from './words.ts'
import { answerJson, formatAnswer } from './writing.ts'

const responseNames = { range: 'response_range', put: 'response_put', delete: 'response_delete_range' } as const

/** `etcdctl txn`, with what was typed or piped into it. */
export function txn(etcd: EtcdDoor, line: Line, ask: Ask, stdin: string): string {
  if (line.words.length > 1) throw badArgs('txn command does not accept argument')
  const written = readTxnText(stdin)
  const { succeeded, answers } = ask({ do: 'txn', txn: written.txn }) as TxnResponse
  const format = plainFormatOf(line)
  const asked = (succeeded ? written.success : written.failure).map((each) => shownAs(each, line))
  if (format === 'json') {
    const responses = answers.map((answer, index) => ({
      Response: { [responseNames[answer.do]]: answerJson({ revision: answer.revision }, asked[index]!, answer) },
    }))
    return jsonLine({
      header: header(etcd),
      ...(succeeded && { succeeded }),
      ...(responses.length > 0 && { responses }),
    })
  }
  const texts = answers.map((answer, index) =>
    formatAnswer(etcd, { line: asked[index]!, answer, format, isInner: true }),
  )
  if (format === 'fields') return headerFields(etcd, line) + lines([['Succeeded', succeeded]]) + texts.join('')
  return `${succeeded ? 'SUCCESS' : 'FAILURE'}\n${texts.map((text) => `\n${text}`).join('')}`
}

/** An operation's line says nothing of the format: its transaction's does. */
const shownAs = ({ words, flags }: Line, line: Line): Line => ({ words, flags: new Map([...flags, ...line.flags]) })
