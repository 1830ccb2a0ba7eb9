const words = new Set(
  '~,null,Null,NULL,y,Y,yes,Yes,YES,on,On,ON,true,True,TRUE,n,N,no,No,NO,off,Off,OFF,false,False,FALSE,<<,.nan,.NaN,.NAN,.inf,.Inf,.INF,+.inf,+.Inf,+.INF,-.inf,-.Inf,-.INF'.split(
    ',',
  ),
)

const truths = new Set('y,Y,yes,Yes,YES,on,On,ON,true,True,TRUE'.split(','))
const lies = new Set('n,N,no,No,NO,off,Off,OFF,false,False,FALSE'.split(','))

/** Whether text that stands without quotes would be read back as this very text. */
export function isPlainText(text: string): boolean {
  return text === '<<'
    ? true
    : text !== '' && typeof readPlain(text) === 'string' && !isTime(text) && !isSexagesimal(text)
}

/** What an unquoted scalar means to go-yaml v2 (YAML 1.1, without its times and base-60 numbers). */
export function readPlain(text: string): string | number | boolean | null {
  if (text === '' || text === '~' || text === 'null' || text === 'Null' || text === 'NULL') return null
  if (truths.has(text)) return true
  if (lies.has(text)) return false
  if (words.has(text)) return text === '<<' ? text : text.includes('n') || text.includes('N') ? NaN : Infinity
  return readNumber(text) ?? text
}

function readNumber(text: string): number | undefined {
  if (!/^[-+.\d]/.test(text)) return undefined
  const plain = text.replaceAll('_', '')
  const whole = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/.exec(plain)
  if (whole) return (whole[1] === '-' ? -1 : 1) * wholeNumber(whole[2]!)
  if (/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(plain)) return Number(plain)
  return undefined
}

function wholeNumber(digits: string): number {
  return /^0\d/.test(digits) ? parseInt(digits, 8) : Number(digits)
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{1,2}-\d{1,2}(([Tt]|\s+)\d{1,2}:\d{1,2}:\d{1,2}(\.\d*)?(Z|[-+]\d\d:\d\d)?)?$/.test(text)
}

function isSexagesimal(text: string): boolean {
  return /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text)
}
