import type { Flag } from './flags.ts'
import type { Command } from './tree.ts'
import { helpFlag } from './words.ts'

/** How a command is used. upstream: pkg/cobrautl/help.go UsageFunc; the API's version is that of etcd 3.6 */
export function usageOf(path: readonly Command[]): string {
  const command = path[path.length - 1]!
  const isRoot = path.length === 1
  const name = isRoot ? command.name : namesOf(path.slice(1))
  const inherited = path.slice(0, -1).flatMap(({ sharedFlags = [] }) => sharedFlags)
  const own = [...(command.sharedFlags ?? []), ...(command.flags ?? []), helpFlag(command)]
  const parts = [
    section('NAME', `  ${name} - ${command.about}\n`),
    section('USAGE', `  ${[namesOf(path), command.args, '[flags]'].filter(Boolean).join(' ')}\n`),
    ...(isRoot ? [section('VERSION', `  ${version}\n`)] : []),
    ...(command.commands ? [section('API VERSION', `  ${apiVersion}\n`)] : []),
    ...(command.commands ? [section('COMMANDS', aligned(commandRows(command, '')))] : []),
    ...(command.note ? [section('DESCRIPTION', indented(command.note))] : []),
    section('OPTIONS', aligned(flagRows(own))),
    ...(inherited.length > 0 ? [section('GLOBAL OPTIONS', aligned(flagRows(inherited)))] : []),
  ]
  return `${parts.join('\n')}\n`
}

/** What `etcdctl version` says. */
export const version = '3.6.8'
/** upstream: api/version/version.go APIVersion */
export const apiVersion = '3.6'

const namesOf = (path: readonly Command[]): string => path.map(({ name }) => name).join(' ')
const section = (title: string, text: string): string => `${title}:\n${text}`
const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('')

type Row = readonly [string, string]

/** The commands of a group, and theirs, by name; groups themselves do nothing and are left out. */
function commandRows({ commands = [] }: Command, before: string): readonly Row[] {
  return sorted(commands).flatMap((each): readonly Row[] => {
    const name = `${before}${each.name}`
    if (each.commands) return commandRows(each, `${name} `)
    return [[`  ${name}`, `${each.about}${each.isUnplayed ? ' (not simulated)' : ''}`]]
  })
}

function flagRows(flags: readonly Flag[]): readonly Row[] {
  return sorted(flags).map(({ name, short, type, usual, about, isUnplayed }) => {
    const value = type === 'string' ? JSON.stringify(usual) : usual
    const said = type === 'bool' ? `[=${value}]` : `=${value}`
    const start = short === undefined ? '      ' : `  -${short}, `
    return [`${start}--${name}${said}`, `${about}${isUnplayed ? ' (not simulated)' : ''}`]
  })
}

const sorted = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] =>
  [...list].sort((a, b) => (a.name < b.name ? -1 : 1))

/** Two columns, the second at the next stop of a tabulator behind the longest of the first. upstream: Go's text/tabwriter */
function aligned(rows: readonly Row[]): string {
  const stop = Math.ceil((Math.max(...rows.map(([first]) => first.length)) + 1) / 8) * 8
  return rows
    .map(([first, second]) => `${first}${'\t'.repeat(Math.ceil((stop - first.length) / 8))}${second}\n`)
    .join('')
}
