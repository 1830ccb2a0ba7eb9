/** One column of `kubectl get`; cells are read from the stored object. */
export interface Column<T> {
  /** as the API names it: `Up-to-date` */
  readonly name: string
  readonly type?: 'string' | 'integer' | 'boolean' | 'date'
  readonly format?: string
  /** 0: always shown; 1: with `-o wide` */
  readonly priority?: number
  /** `now` is in virtual milliseconds */
  readonly cell: (object: T, now: number) => string | number | boolean | null | undefined
}
