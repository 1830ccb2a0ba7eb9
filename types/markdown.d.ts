/** The text of a Markdown file; Vite, Vitest and our Node bundles all understand the `?raw` ending. */
declare module '*.md?raw' {
  const text: string
  export default text
}
