/** Fields that a JSON text names twice, by their paths: `spec.containers[0].image`. The text must be valid. */
export function duplicateFields(text: string): readonly string[] {
  const found: string[] = []
  const scanner = { text, at: 0 }
  readValue(scanner, '', found)
  return found
}

interface Scanner {
  readonly text: string
  at: number
}

function skip(scanner: Scanner): string {
  while (/[\s,:]/.test(scanner.text[scanner.at] ?? '')) scanner.at++
  return scanner.text[scanner.at] ?? ''
}

function readValue(scanner: Scanner, path: string, found: string[]): void {
  const char = skip(scanner)
  if (char === '"') readString(scanner)
  else if (char === '{') readObject(scanner, path, found)
  else if (char === '[') readArray(scanner, path, found)
  else while (/[^\s,\]}]/.test(scanner.text[scanner.at] ?? '')) scanner.at++
}

function readObject(scanner: Scanner, path: string, found: string[]): void {
  const seen = new Set<string>()
  scanner.at++
  while (skip(scanner) !== '}') {
    const key = readString(scanner)
    const at = path === '' ? key : `${path}.${key}`
    if (seen.has(key)) found.push(at)
    seen.add(key)
    readValue(scanner, at, found)
  }
  scanner.at++
}

function readArray(scanner: Scanner, path: string, found: string[]): void {
  scanner.at++
  for (let index = 0; skip(scanner) !== ']'; index++) readValue(scanner, `${path}[${index}]`, found)
  scanner.at++
}

function readString(scanner: Scanner): string {
  const start = scanner.at++
  while (scanner.text[scanner.at] !== '"') scanner.at += scanner.text[scanner.at] === '\\' ? 2 : 1
  scanner.at++
  return JSON.parse(scanner.text.slice(start, scanner.at)) as string
}
