/** Files by path, as a command line sees them. */
export interface FileView {
  readonly readFile: (path: string) => string | undefined
  /** the names in a folder, or undefined for what is none */
  readonly listFiles: (path: string) => readonly string[] | undefined
}

/** Looks at plain files by their paths relative to the working folder; folders are what comes before a slash. */
export function viewOf(files: Readonly<Record<string, string>>): FileView {
  return {
    readFile: (path) => (Object.hasOwn(files, tidied(path)) ? files[tidied(path)] : undefined),
    listFiles(path) {
      const folder = tidied(path)
      const start = folder === '' ? '' : `${folder}/`
      const below = Object.keys(files).filter((name) => name.startsWith(start))
      if (below.length === 0 && folder !== '') return undefined
      return [...new Set(below.map((name) => name.slice(start.length).split('/')[0]!))].sort()
    },
  }
}

function tidied(path: string): string {
  return path
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '')
}
