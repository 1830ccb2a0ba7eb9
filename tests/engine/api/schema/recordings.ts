import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { isObject } from './json.ts'
import type { Json } from './json.ts'

/** The files of one area of recordings, by name; undefined where neither the outer folder nor our own copies have them. */
export function recordingsOf(area: string): ReadonlyMap<string, readonly Json[]> | undefined {
  const folder = [`../shared/golden/${area}`, `tests/golden/data/${area}`].find((path) => existsSync(path))
  if (folder === undefined) return undefined
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(
    names.map((name) => [name, (JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as unknown[]).filter(isObject)]),
  )
}
