import { deflateRawSync } from 'node:zlib'
import type { Locator, Page } from '@playwright/test'
import { expect } from './harness.ts'

/** How long virtual time may take to bring something about on a busy machine. */
export const patience = { timeout: 40_000 }

/** The hull of a node in a condition. */
export function nodeOf(page: Page, name: string, condition: 'Ready' | 'NotReady' | RegExp): Locator {
  const word = typeof condition === 'string' ? condition : condition.source
  return page.getByRole('region', { name: new RegExp(`^Node ${name}, .*${word}`) })
}

/** The tiles of pods whose name begins so: running and ready, or whatever their words match. */
export function tilesOf(page: Page, prefix: string, words = 'Running, ready 1/1'): Locator {
  return page.getByRole('button', { name: new RegExp(`^Pod ${prefix}\\S*, ${words}`) })
}

/** Waits until the cluster is on the stage. */
export async function whenOpen(page: Page): Promise<void> {
  await expect(nodeOf(page, 'node-1', 'Ready')).toBeVisible({ timeout: 20_000 })
}

/** Chooses how fast virtual time runs. */
export async function setSpeed(page: Page, speed: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Speed' }).selectOption(speed)
}

/** Stops virtual time, and says where it stopped, in whole milliseconds. */
export async function pause(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  return momentOf(page)
}

/** The moment shown, in whole virtual milliseconds. */
export async function momentOf(page: Page): Promise<number> {
  return Number(await timeline(page).getAttribute('aria-valuenow'))
}

/** The track of the timeline, as a slider. */
export function timeline(page: Page): Locator {
  return page.getByRole('slider', { name: 'Scrub through time' })
}

/** Types a command, or pastes one of several lines, into a cleared terminal; answers what it printed and is still to be seen. */
export async function type(page: Page, command: string): Promise<string> {
  await enter(page, 'clear')
  await expect.poll(() => rowsOf(page), patience).toEqual(['$'])
  await enter(page, command)
  await expect.poll(async () => isAtPrompt(await rowsOf(page)), patience).toBe(true)
  const rows = await rowsOf(page)
  return rows.slice(afterEcho(rows, command), -1).join('\n')
}

/** The first row below the command's last line, which may be folded over several. */
function afterEcho(rows: readonly string[], command: string): number {
  const last = command.slice(command.lastIndexOf('\n') + 1).replaceAll(/\s/g, '')
  let from = rows.findLastIndex((row) => /^[$>] \S/.test(row))
  if (from < 0) return 0
  let echoed = (rows[from] ?? '').slice(2)
  while (from < rows.length - 1 && echoed.replaceAll(/\s/g, '') !== last) echoed += rows[++from]
  return from + 1
}

function isAtPrompt(rows: readonly string[]): boolean {
  return rows.length > 1 && rows.at(-1) === '$'
}

/** The screen's rows as a screen reader gets them, without the empty ones. */
export async function rowsOf(page: Page): Promise<readonly string[]> {
  const rows = await page.getByRole('region', { name: 'Terminal' }).getByRole('listitem').allTextContents()
  return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).filter((row) => row !== '')
}

/** Types or pastes a command, and presses Enter. */
export async function enter(page: Page, text: string): Promise<void> {
  const field = page.getByRole('region', { name: 'Terminal' }).getByRole('textbox', { name: 'Terminal' })
  await field.focus()
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
  await field.press('Enter')
}

/** Opens a manifest in the editor, as a file of this computer. */
export async function openManifest(page: Page, name: string, text: string): Promise<void> {
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'New', exact: true }).click()
  await page.getByRole('menuitem', { name: /^Open…/ }).click()
  await (await chosen).setFiles({ name, mimeType: 'application/yaml', buffer: Buffer.from(text) })
  await expect(page.getByRole('tab', { name, exact: true })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('status', { name: 'Loading the editor' })).toBeHidden({ timeout: 30_000 })
}

/** Applies what is in the editor; the result is in the region named so. */
export async function applyManifest(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  return page.getByRole('region', { name: 'Result' })
}

/** The hash of a share link that carries this text. */
export function linkOf(text: string): string {
  return `#1.${deflateRawSync(text, { level: 9 }).toString('base64url')}`
}

/** A Deployment as short as may be. */
export function deployment(name: string, replicas: number, image = 'nginx'): string {
  return [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    `  replicas: ${replicas}`,
    '  selector:',
    `    matchLabels: { app: ${name} }`,
    '  template:',
    '    metadata:',
    `      labels: { app: ${name} }`,
    '    spec:',
    '      containers:',
    '        - name: main',
    `          image: ${image}`,
    '',
  ].join('\n')
}

/** A Service before the Deployment of that name. */
export function service(name: string, port = 80): string {
  return [
    'apiVersion: v1',
    'kind: Service',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    `  selector: { app: ${name} }`,
    '  ports:',
    `    - port: ${port}`,
    '',
  ].join('\n')
}
