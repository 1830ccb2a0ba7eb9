import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { ensureGenerated } from './scripts/generate.mjs'

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const codicons = resolve(import.meta.dirname, 'node_modules/monaco-editor/esm/vs/base/browser/ui/codicons/codicon')

export default defineConfig({
  base: './', // works from any folder of any host
  resolve: {
    alias: [
      // monaco-yaml's worker manager still asks for Monaco's old file layout; Monaco's exports map has replaced it.
      { find: /^monaco-editor\/esm\/vs\/(.*)$/, replacement: 'monaco-editor/$1' },
      { find: 'codicon.ttf', replacement: resolve(codicons, 'codicon.ttf') },
    ],
  },
  plugins: [generated(), withoutLateFont(), svelte(), securityPolicy(), offline()],
  worker: { format: 'es', plugins: () => [withoutPrettier()] },
  build: {
    target: 'es2022',
    manifest: true, // says which files the first paint needs: the benchmark of the page's size reads it
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // the floors below the page do nothing when they are imported: a chunk takes only what it uses of them
      treeshake: { moduleSideEffects: [{ test: /\/src\/(engine|kubectl|session|lessons)\//, sideEffects: false }] },
    },
    chunkSizeWarningLimit: 4096, // Monaco, loaded lazily, is as large as it is
  },
})

function generated(): Plugin {
  return { name: 'drydock:generated', config: () => ensureGenerated() }
}

/** monaco-yaml's worker brings a formatter that is never asked: formatting is the editor's own. */
function withoutPrettier(): Plugin {
  return {
    name: 'drydock:without-prettier',
    enforce: 'pre',
    resolveId: (id) => (/^prettier\//.test(id) ? '\0no-prettier' : undefined),
    load: (id) => (id === '\0no-prettier' ? 'export const format = (text) => text; export default {}' : undefined),
  }
}

/** A font that is declared late lays out the whole page once more: the page's own style sheet declares Monaco's. */
function withoutLateFont(): Plugin {
  return {
    name: 'drydock:without-late-font',
    enforce: 'pre',
    transform: (code, id) => (/\/codicon\.css$/.test(id) ? code.replace(/@font-face\s*{[^}]*}/, '') : undefined),
  }
}

function securityPolicy(): Plugin {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}" />`
  // Only in the build: the development server needs inline scripts of its own.
  return {
    name: 'drydock:security-policy',
    apply: 'build',
    transformIndexHtml: (html) => html.replace('<head>', `<head>\n    ${meta}`),
  }
}

function offline() {
  return VitePWA({
    registerType: 'prompt', // a new version never replaces a running cluster by itself
    injectRegister: null,
    scope: './',
    base: './',
    manifest: {
      name: 'Drydock',
      short_name: 'Drydock',
      description: 'A Kubernetes cluster in your browser tab',
      start_url: './',
      display: 'standalone',
      background_color: '#ffffff',
      theme_color: '#0b6a86',
      icons: [{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
    },
    workbox: {
      globPatterns: ['**/*.{js,css,html,svg,ttf,woff2}'],
      maximumFileSizeToCacheInBytes: 8e6,
      navigateFallback: 'index.html',
      cleanupOutdatedCaches: true,
    },
  })
}
