/** A piece of a sentence: as it is, as code, or strong. */
export interface Piece {
  readonly kind: 'text' | 'code' | 'strong'
  readonly text: string
}

/** The pieces of one line with `code` and **strong** words; anything else, tags too, stays text. */
export function piecesOf(line: string): readonly Piece[] {
  return line
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .filter((part) => part !== '')
    .map((part): Piece => {
      if (part.length > 2 && part.startsWith('`')) return { kind: 'code', text: part.slice(1, -1) }
      if (part.length > 4 && part.startsWith('**')) return { kind: 'strong', text: part.slice(2, -2) }
      return { kind: 'text', text: part }
    })
}
