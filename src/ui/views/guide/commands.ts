const shellWords = new Set(['sh', 'bash', 'shell', 'console', 'terminal', 'run', 'kubectl'])

/** The lines to run of a code block; none where it is something to read. */
export function commandsOf(language: string, text: string): readonly string[] {
  const isShell = shellWords.has(language.toLowerCase())
  // A here-document is one command of many lines: a terminal takes one.
  if ((language !== '' && !isShell) || text.includes('<<')) return []
  const lines = text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const isPrompted = lines.some((line) => line.startsWith('$ '))
  // What a transcript prints is not typed.
  const typed = isPrompted ? lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2).trim()) : lines
  const isCommand = (line: string) => /^k(ubectl)?\s/.test(line)
  return isShell || isPrompted || typed.every(isCommand) ? typed : []
}
