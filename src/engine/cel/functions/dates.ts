const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const datetime = /^\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

/** Whether a text is a day, or a moment. */
export function hasDateFormat(text: string, format: 'date' | 'datetime'): boolean {
  return (format === 'date' ? date : datetime).test(text)
}
