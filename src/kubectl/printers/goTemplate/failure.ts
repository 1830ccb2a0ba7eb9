import type { Bytes } from './bytes.ts'

/** A template that cannot be read or carried out; the message says where, as Go says it. */
export class TemplateError extends Error {
  override name = 'TemplateError'
  constructor(message: Bytes) {
    super(message)
  }
}

/** A function's own complaint; whoever called it says where. */
export class CallError extends Error {
  override name = 'CallError'
  constructor(message: Bytes) {
    super(message)
  }
}
