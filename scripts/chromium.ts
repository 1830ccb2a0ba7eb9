import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const places = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/** What to tell someone whose machine has no Chromium and where we may not install one. */
export const chromiumAdvice = [
  'The browser tests need a Chromium and found none. Any one of these will do:',
  '  - install Chromium or Google Chrome with your system (Debian, Ubuntu: sudo apt-get install chromium)',
  '  - npx playwright install chromium',
  '  - set CHROMIUM_PATH to the executable',
  '`npx vitest run` runs all the other tests.',
].join('\n')

/** The Chromium to test with: $CHROMIUM_PATH, else the system's, else the one Playwright downloaded. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH
  if (named) return named
  const folders = (process.env.PATH ?? '').split(delimiter)
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...onPath, ...places, chromium.executablePath()].find((path) => path && existsSync(path))
}

/** As findChromium, but installs Debian's where there is none and this process may: root with apt-get. */
export function ensureChromium(): string | undefined {
  return findChromium() ?? (installChromium() ? findChromium() : undefined)
}

function installChromium(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  process.stderr.write('No Chromium found: installing the system package for the browser tests.\n')
  return apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium')
}

function apt(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 2, 2], env }).status === 0
}
