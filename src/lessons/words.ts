import type { Fault } from '#engine'

/** A line of a solution or a start, understood. */
export type Line =
  | { readonly do: 'fault'; readonly fault: Fault }
  /** the load `users`; without an address, where it already goes */
  | { readonly do: 'load'; readonly rps: number; readonly url?: string }
  /** kills the process of a pod, named or found by a selector */
  | { readonly do: 'crash'; readonly pod: string }
  | { readonly do: 'advance'; readonly ms: number }
  /** typed into a terminal */
  | { readonly do: 'shell'; readonly line: string }

/** A playground word used wrongly, in words for its author. */
export class WordError extends Error {
  override name = 'WordError'
}

/** Understands one line: a playground word with what it wants, or else a line for the shell. */
export function parseLine(line: string): Line {
  const [word = '', ...rest] = line.trim().split(/\s+/)
  const parse = Object.hasOwn(words, word) ? words[word] : undefined
  return parse?.(rest, line) ?? { do: 'shell', line: line.trim() }
}

/** The playground's own words, in the order people meet them. */
export const playgroundWords: readonly string[] = [
  'crash POD',
  'power off NODE',
  'power on NODE',
  'cut NODE',
  'join NODE',
  'stop COMPONENT',
  'start COMPONENT',
  'load N [URL]',
  'advance 7m',
]

type Parse = (rest: readonly string[], line: string) => Line

const words: Readonly<Record<string, Parse>> = {
  power([state, node], line) {
    if ((state !== 'on' && state !== 'off') || node === undefined)
      throw misused(line, 'power off NODE, or power on NODE')
    return { do: 'fault', fault: { kind: 'nodePower', node, on: state === 'on' } }
  },
  cut: ([node], line) => network(node, false, line),
  join: ([node], line) => network(node, true, line),
  stop: ([name], line) => component(name, false, line),
  start: ([name], line) => component(name, true, line),
  load([count, url], line) {
    const rps = Number(count)
    if (!Number.isFinite(rps) || rps < 0) throw misused(line, 'load N [URL], with N requests a second')
    return url === undefined ? { do: 'load', rps } : { do: 'load', rps, url }
  },
  crash([pod], line) {
    if (pod === undefined) throw misused(line, 'crash POD')
    return { do: 'crash', pod }
  },
  advance: ([time = ''], line) => ({
    do: 'advance',
    ms: parseTime(time) ?? fail(misused(line, 'advance 7m, or 30s, or 1h30m')),
  }),
}

/** `90s`, `7m`, `1h30m`, `200ms` in milliseconds; undefined for what is no time. */
export function parseTime(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * unitMs[unit!]!, 0)
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function network(node: string | undefined, on: boolean, line: string): Line {
  if (node === undefined) throw misused(line, 'cut NODE, or join NODE')
  return { do: 'fault', fault: { kind: 'nodeNetwork', node, on } }
}

function component(name: string | undefined, on: boolean, line: string): Line {
  if (name === undefined) throw misused(line, 'stop COMPONENT, or start COMPONENT')
  return { do: 'fault', fault: { kind: 'component', name, on } }
}

function misused(line: string, usage: string): WordError {
  return new WordError(`"${line.trim()}" is not how this word is used: ${usage}`)
}

function fail(error: Error): never {
  throw error
}
