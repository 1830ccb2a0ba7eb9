/** A piece of a sentence: as it is, as code, strong, or stressed. */
export interface Piece {
  readonly kind: 'text' | 'code' | 'strong' | 'em'
  readonly text: string
}

/** The pieces of one line with `code` and **strong** words; anything else, tags too, stays text. */
export function piecesOf(line: string): readonly Piece[] {
  return line
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/)
    .filter((part) => part !== '')
    .map((part): Piece => {
      if (part.length > 2 && part.startsWith('`')) return { kind: 'code', text: part.slice(1, -1) }
      if (part.length > 4 && part.startsWith('**')) return { kind: 'strong', text: part.slice(2, -2) }
      if (/^\*[^*]+\*$/.test(part)) return { kind: 'em', text: part.slice(1, -1) }
      return { kind: 'text', text: part }
    })
}
