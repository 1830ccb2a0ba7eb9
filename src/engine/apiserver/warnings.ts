const charsMax = 4096 // upstream: truncateAtTotalRunes
const shortMax = 256 // upstream: truncateItemRunes

/** Warnings as an answer tells them: each once. Where they are too long together each is cut short, and what is still too much goes untold. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/filters/warning.go AddWarning
export function toldWarnings(texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return texts
  const each = [...new Set(texts)].filter((text) => text !== '')
  const last = firstTooMuch(each)
  if (last < 0) return each
  const told: string[] = []
  let chars = 0
  for (let index = 0; index < each.length && (index <= last || chars < charsMax); index++) {
    const short = [...each[index]!].slice(0, shortMax)
    told.push(short.join(''))
    chars += short.length
  }
  return told
}

/** Which one goes beyond the limit; -1 for none. */
function firstTooMuch(texts: readonly string[]): number {
  let chars = 0
  return texts.findIndex((text) => (chars += [...text].length) > charsMax)
}
