// `npm test`: everything that tests, then one line that says how it went.
//   npm test                        all of it, browser tests last
//   npm test -- taintToleration     one file; any argument goes to Vitest and leaves the browser tests out
//   npm test -- -u                  rewrites what transcripts and snapshots expect
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromiumAdvice, ensureChromium } from './chromium.ts'
import { cacheDirectory, root } from './freshness.mjs'

interface Tally {
  passed: number
  failed: number
  skipped: number
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  errors: unknown[]
}

const args = process.argv.slice(2)
const isLong = args.includes('--long')
const isBrowserOnly = args.includes('--e2e')
const passedOn = args.filter((arg) => arg !== '--long' && arg !== '--e2e')

mkdirSync(cacheDirectory, { recursive: true })
const tallies: Tally[] = []
if (!isBrowserOnly) tallies.push(runVitest(isLong ? ['tests/properties', ...passedOn] : passedOn))
if (isBrowserOnly || (!isLong && passedOn.length === 0)) tallies.push(runPlaywright(passedOn))

const total = tallies.reduce((sum, tally) => ({
  passed: sum.passed + tally.passed,
  failed: sum.failed + tally.failed,
  skipped: sum.skipped + tally.skipped,
}))
if (total.skipped > 0) process.stdout.write(`\n${total.skipped} skipped\n`)
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed > 0 ? 1 : 0

function runVitest(filters: string[]): Tally {
  const file = join(cacheDirectory, 'vitest.json')
  const options = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const status = run('vitest/vitest.mjs', [...options, ...filters], file, isLong ? { DRYDOCK_LONG: '1' } : {})
  const report = readReport<VitestReport>(file)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  // A file that cannot even be loaded has no tests to count; it must not go unseen.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length
  const failed = report.numFailedTests + broken
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

function runPlaywright(filters: string[]): Tally {
  const none = { passed: 0, failed: 0, skipped: 0 }
  const hasSpecs = readdirSync(join(root, 'tests/e2e'), { recursive: true }).some((name) =>
    String(name).endsWith('.spec.ts'),
  )
  if (!hasSpecs) return none
  const chromium = ensureChromium()
  if (!chromium) {
    process.stderr.write(`\n${chromiumAdvice}\n\n`)
    return { ...none, failed: 1 }
  }
  const file = join(cacheDirectory, 'playwright.json')
  const status = run('@playwright/test/cli.js', ['test', '--reporter=list,json', ...filters], file, {
    CHROMIUM_PATH: chromium,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  })
  const report = readReport<PlaywrightReport>(file)
  if (!report) return { ...none, failed: 1 }
  const { expected, unexpected, flaky, skipped } = report.stats
  const failed = unexpected + flaky + report.errors.length
  return { passed: expected, failed: failed === 0 && status !== 0 ? 1 : failed, skipped }
}

function run(script: string, args: string[], report: string, env: Record<string, string>): number {
  rmSync(report, { force: true })
  const child = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  return child.status ?? 1
}

function readReport<Report>(file: string): Report | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined
}
