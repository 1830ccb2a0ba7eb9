import { complain, print } from '../kernel/io.ts'
import { isAlive, processAt, type KernelState, type Process } from '../kernel/kernelState.ts'
import { reap, signal } from '../kernel/processes.ts'
import type { Call } from '../kernel/tool.ts'
import type { ShellState } from './shellState.ts'

/** A list of commands that was sent to the background. */
export interface Job {
  readonly id: number
  readonly pid: number
  readonly text: string
  /** its exit code, once somebody has asked for it */
  code: number | undefined
}

/** Takes a background process into the shell's list; the number under which it is there. */
export function addJob(call: Call, shell: ShellState, pid: number, text: string): number {
  const { state } = call.kernel
  // a script never shows its list: what is over leaves it here
  if (!shell.prompts) shell.jobs = shell.jobs.filter((job) => isRunning(state, job))
  const id = 1 + shell.jobs.reduce((most, job) => Math.max(most, job.id), 0)
  shell.jobs.push({ id, pid, text: text.trim(), code: undefined })
  return id
}

/** `%1`, `%%`, `%+`, `%-`, `%text`, `%?text`: the job that is meant; without a word the last one. */
export function findJob({ jobs }: ShellState, word = '%%'): Job | undefined {
  const name = word.replace(/^%/, '')
  if (name === '' || name === '%' || name === '+') return jobs.at(-1)
  if (name === '-') return jobs.at(-2) ?? jobs.at(-1)
  if (/^\d+$/.test(name)) return jobs.find(({ id }) => id === Number(name))
  if (name.startsWith('?')) return jobs.find(({ text }) => text.includes(name.slice(1)))
  return jobs.find(({ text }) => text.startsWith(name))
}

/** `jobs`: the list; what is over is told once. `-p` tells pids, `-l` both. */
export function listJobs(call: Call, shell: ShellState, words: readonly string[]): number {
  const flags = words.filter((word) => word.startsWith('-')).join('')
  for (const job of shell.jobs)
    print(call, flags.includes('p') ? `${job.pid}\n` : lineOf(call.kernel.state, shell, job, flags.includes('l')))
  shell.jobs = shell.jobs.filter((job) => isRunning(call.kernel.state, job))
  return 0
}

/** What has ended since the last prompt. */
export function tellEnded(call: Call, shell: ShellState): void {
  const { state } = call.kernel
  if (shell.jobs.length === 0) return
  for (const job of shell.jobs) if (!isRunning(state, job)) complain(call, lineOf(state, shell, job, false))
  shell.jobs = shell.jobs.filter((job) => isRunning(state, job))
}

/** Takes a job out of the list and into the foreground. */
export function takeJob(shell: ShellState, job: Job): void {
  shell.jobs = shell.jobs.filter((one) => one !== job)
}

/** The exit code of a child that ended; its job keeps it for the list. */
export function codeOf(state: KernelState, { jobs }: ShellState, pid: number): number | undefined {
  const job = jobs.find((one) => one.pid === pid)
  const code = reap(state, pid) ?? job?.code
  if (job) job.code = code
  return code
}

/** Sends a signal to a job: to its process and to all that it started. */
export function signalJob(call: Call, { pid }: Job, name: string): void {
  const { state } = call.kernel
  const roots: ReadonlySet<number> = new Set([pid])
  for (const process of state.processes) if (descendsFrom(state, process, roots)) signal(call.kernel, process, name)
}

/** Whether a process runs in one of a shell's background jobs. */
export function isInBackground(state: KernelState, { jobs }: ShellState, process: Process): boolean {
  return jobs.length > 0 && descendsFrom(state, process, new Set(jobs.map(({ pid }) => pid)))
}

function descendsFrom(state: KernelState, process: Process, roots: ReadonlySet<number>): boolean {
  for (let one: Process | undefined = process; one !== undefined; one = processAt(state, one.parent)) {
    if (roots.has(one.pid)) return true
    if (one.parent === one.pid) return false
  }
  return false
}

const isRunning = (state: KernelState, { pid }: Job): boolean => isAlive(state, pid)

// upstream: bash jobs.c pretty_print_job
function lineOf(state: KernelState, shell: ShellState, job: Job, hasPid: boolean): string {
  const mark = job === shell.jobs.at(-1) ? '+' : job === shell.jobs.at(-2) ? '-' : ' '
  const pid = hasPid ? `${job.pid} ` : ''
  if (isRunning(state, job)) return `[${job.id}]${mark}  ${pid}${'Running'.padEnd(24)}${job.text} &\n`
  const code = job.code ?? state.exits?.get(job.pid) ?? 0
  return `[${job.id}]${mark}  ${pid}${wordsOf(code).padEnd(24)}${job.text}\n`
}

const signalWords: Readonly<Record<number, string>> = {
  129: 'Hangup',
  130: 'Interrupt',
  131: 'Quit',
  137: 'Killed',
  143: 'Terminated',
}

function wordsOf(code: number): string {
  return code === 0 ? 'Done' : (signalWords[code] ?? `Exit ${code}`)
}
