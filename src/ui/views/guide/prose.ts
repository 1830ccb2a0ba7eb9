import type { Config, DOMPurify } from 'dompurify'
import { commandsOf } from './commands.ts'

/** A part of a step's text: HTML that is safe to show, or a command to run. */
export type Part =
  { readonly kind: 'html'; readonly html: string } | { readonly kind: 'command'; readonly line: string }

const config = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'b', 'strong', 'i', 'em', 'del', 'sub', 'sup', 'kbd', 'code', 'pre', 'a', 'blockquote'],
    ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'h2', 'h3', 'h4', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'abbr'],
  ],
  ALLOWED_ATTR: ['href', 'title', 'start', 'class'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#)/i,
  RETURN_DOM_FRAGMENT: true,
} satisfies Config

let purify: Promise<DOMPurify> | undefined

/** Splits a step's text into what is shown and what can be run. Whoever wrote it, nothing but plain text elements passes. */
export async function partsOf(html: string): Promise<readonly Part[]> {
  purify ??= load()
  const fragment = (await purify).sanitize(html, config)
  const parts: Part[] = []
  let shown = ''
  const flush = () => {
    if (shown.trim() !== '') parts.push({ kind: 'html', html: shown })
    shown = ''
  }
  for (const node of fragment.childNodes) {
    const lines = node instanceof HTMLPreElement ? commandsOf(languageOf(node), node.textContent ?? '') : []
    if (lines.length > 0) {
      flush()
      parts.push(...lines.map((line): Part => ({ kind: 'command', line })))
    } else shown += node instanceof Element ? node.outerHTML : escaped(node.textContent ?? '')
  }
  flush()
  return parts
}

async function load(): Promise<DOMPurify> {
  const { default: createPurify } = await import('dompurify')
  const own = createPurify(window)
  own.addHook('uponSanitizeAttribute', (_, data) => {
    if (data.attrName === 'class' && !/^language-[\w-]+$/.test(data.attrValue)) data.keepAttr = false
  })
  own.addHook('afterSanitizeAttributes', (node) => {
    if (node.tagName !== 'A' || !node.hasAttribute('href')) return
    node.setAttribute('rel', 'noopener noreferrer')
    if (!node.getAttribute('href')?.startsWith('#')) node.setAttribute('target', '_blank')
  })
  return own
}

function languageOf(block: HTMLPreElement): string {
  return /language-([\w-]+)/.exec(block.querySelector('code')?.className ?? '')?.[1] ?? ''
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
