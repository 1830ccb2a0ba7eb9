import type { PortRule } from './portRule.ts'

/**
 * Every node's rules in one book. A frontend keeps the versions of its rule that some node still has, so a node's table is one
 * number: the version it wrote last. Rules are frozen and shared; nothing is copied per node.
 */
export interface RuleBook {
  version: number
  /** by frontend, oldest first; `rule: undefined` from the version in which the frontend went away */
  readonly frontends: Map<string, Entry[]>
  /** the frontends of each Service in the newest version */
  readonly byService: Map<string, readonly string[]>
  /** how many nodes hold, or are about to write, each version */
  readonly holders: Map<number, number>
  /** frontends that went away and may be forgotten once no node has them */
  readonly fading: Set<string>
}

interface Entry {
  readonly version: number
  readonly rule: PortRule | undefined
}

/** A book without rules: version 1. A node at version 0 has never written any. */
export function createRuleBook(): RuleBook {
  return { version: 1, frontends: new Map(), byService: new Map(), holders: new Map(), fading: new Set() }
}

/** The rule that a holder of `version` has for a frontend. */
export function ruleIn(book: RuleBook, version: number, frontend: string): PortRule | undefined {
  const entries = version === 0 ? undefined : book.frontends.get(frontend)
  if (entries === undefined) return undefined
  for (let index = entries.length - 1; index >= 0; index--)
    if (entries[index]!.version <= version) return entries[index]!.rule
  return undefined
}

/** All rules of a version, each once. */
export function* rulesIn(book: RuleBook, version: number): Generator<PortRule> {
  for (const frontend of book.frontends.keys()) {
    const rule = ruleIn(book, version, frontend)
    if (rule !== undefined && rule.frontends[0] === frontend) yield rule
  }
}

/** Writes the next version: the named Services have these rules now, all others keep theirs. */
export function writeVersion(book: RuleBook, changed: ReadonlyMap<string, readonly PortRule[]>): number {
  const version = ++book.version
  const oldest = Math.min(version, ...book.holders.keys())
  for (const [service, rules] of changed) {
    const frontends: string[] = []
    for (const rule of rules) {
      for (const frontend of rule.frontends) {
        frontends.push(frontend)
        enter(book, frontend, { version, rule }, oldest)
      }
    }
    for (const frontend of book.byService.get(service) ?? []) {
      if (frontends.includes(frontend)) continue
      // another Service may have taken the address in the meantime
      if (ruleIn(book, version, frontend)?.service !== service) continue
      enter(book, frontend, { version, rule: undefined }, oldest)
      book.fading.add(frontend)
    }
    if (frontends.length > 0) book.byService.set(service, Object.freeze(frontends))
    else book.byService.delete(service)
  }
  forgetFaded(book, oldest)
  return version
}

/** A node begins to hold a version. */
export function hold(book: RuleBook, version: number): void {
  if (version > 0) book.holders.set(version, (book.holders.get(version) ?? 0) + 1)
}

/** A node no longer holds a version. */
export function release(book: RuleBook, version: number): void {
  const count = book.holders.get(version)
  if (count === undefined) return
  if (count > 1) book.holders.set(version, count - 1)
  else book.holders.delete(version)
}

function enter(book: RuleBook, frontend: string, entry: Entry, oldest: number): void {
  const entries = book.frontends.get(frontend) ?? []
  const last = entries[entries.length - 1]
  if (last?.version === entry.version) entries.pop()
  entries.push(Object.freeze(entry))
  while (entries.length > 1 && entries[1]!.version <= oldest) entries.shift()
  book.frontends.set(frontend, entries)
}

function forgetFaded(book: RuleBook, oldest: number): void {
  for (const frontend of book.fading) {
    const entries = book.frontends.get(frontend)
    const last = entries?.[entries.length - 1]
    if (last?.rule !== undefined) book.fading.delete(frontend)
    else if (last === undefined || last.version <= oldest) {
      book.frontends.delete(frontend)
      book.fading.delete(frontend)
    }
  }
}
