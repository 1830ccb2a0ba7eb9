/** A pattern in Go's syntax as one of ours; undefined where Go could not read it. */
export declare function goPattern(pattern: string): RegExp | undefined
/** Why Go cannot read a pattern, in its words; undefined if it can. */
export declare function goPatternError(pattern: string): string | undefined
