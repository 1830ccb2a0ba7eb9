import { createScanner, parserFault, YamlFault, type TokenType } from './yamlTokens.ts'

/** What go-yaml would say is wrong with a document, or nothing. */
// upstream: go-yaml v2 parserc.go, its states as functions
export function findFault(text: string): string | undefined {
  try {
    checkDocument(createScanner(text))
    return undefined
  } catch (error) {
    if (error instanceof YamlFault) return error.message
    throw error
  }
}

type Scanner = ReturnType<typeof createScanner>

function checkDocument(scanner: Scanner): void {
  while (is(scanner, 'directive', 'documentStart')) scanner.take()
  if (!is(scanner, 'streamEnd', 'documentEnd')) checkNode(scanner, true, false)
  // One token more is looked at, to see where the document ends; whatever follows is never read.
  scanner.peek()
}

const is = (scanner: Scanner, ...types: readonly TokenType[]): boolean => types.includes(scanner.peek().type)

function checkNode(scanner: Scanner, isBlock: boolean, isIndentless: boolean): void {
  if (is(scanner, 'alias')) return void scanner.take()
  const hasProperties = is(scanner, 'anchor', 'tag')
  while (is(scanner, 'anchor', 'tag')) scanner.take()
  const { type, line } = scanner.peek()
  if (isIndentless && type === 'blockEntry') return checkIndentless(scanner)
  if (type === 'scalar') return void scanner.take()
  if (type === 'flowSequenceStart') return checkFlowSequence(scanner)
  if (type === 'flowMappingStart') return checkFlowMapping(scanner)
  if (isBlock && type === 'blockSequenceStart') return checkSequence(scanner)
  if (isBlock && type === 'blockMappingStart') return checkMapping(scanner)
  if (!hasProperties) throw parserFault('did not find expected node content', line)
}

function checkSequence(scanner: Scanner): void {
  scanner.take()
  while (is(scanner, 'blockEntry')) {
    scanner.take()
    if (!is(scanner, 'blockEntry', 'blockEnd')) checkNode(scanner, true, false)
  }
  expectEnd(scanner, "did not find expected '-' indicator")
}

function checkIndentless(scanner: Scanner): void {
  while (is(scanner, 'blockEntry')) {
    scanner.take()
    if (!is(scanner, 'blockEntry', 'key', 'value', 'blockEnd')) checkNode(scanner, true, false)
  }
}

function checkMapping(scanner: Scanner): void {
  scanner.take()
  while (is(scanner, 'key')) {
    scanner.take()
    if (!is(scanner, 'key', 'value', 'blockEnd')) checkNode(scanner, true, true)
    if (!is(scanner, 'value')) continue
    scanner.take()
    if (!is(scanner, 'key', 'value', 'blockEnd')) checkNode(scanner, true, true)
  }
  expectEnd(scanner, 'did not find expected key')
}

function expectEnd(scanner: Scanner, problem: string): void {
  if (!is(scanner, 'blockEnd')) throw parserFault(problem, scanner.peek().line)
  scanner.take()
}

function checkFlowSequence(scanner: Scanner): void {
  scanner.take()
  for (let isFirst = true; !is(scanner, 'flowSequenceEnd'); isFirst = false) {
    if (!isFirst) expectComma(scanner, "did not find expected ',' or ']'")
    if (is(scanner, 'key')) checkPair(scanner, 'flowSequenceEnd')
    else if (!is(scanner, 'flowSequenceEnd')) checkNode(scanner, false, false)
  }
  scanner.take()
}

function checkFlowMapping(scanner: Scanner): void {
  scanner.take()
  for (let isFirst = true; !is(scanner, 'flowMappingEnd'); isFirst = false) {
    if (!isFirst) expectComma(scanner, "did not find expected ',' or '}'")
    if (is(scanner, 'key')) checkPair(scanner, 'flowMappingEnd')
    else if (!is(scanner, 'flowMappingEnd')) checkNode(scanner, false, false)
  }
  scanner.take()
}

function expectComma(scanner: Scanner, problem: string): void {
  if (!is(scanner, 'flowEntry')) throw parserFault(problem, scanner.peek().line)
  scanner.take()
}

function checkPair(scanner: Scanner, end: TokenType): void {
  scanner.take()
  if (!is(scanner, 'value', 'flowEntry', end)) checkNode(scanner, false, false)
  if (!is(scanner, 'value')) return
  scanner.take()
  if (!is(scanner, 'flowEntry', end)) checkNode(scanner, false, false)
}
