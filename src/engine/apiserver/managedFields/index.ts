export { createManagedFields, type ManagedFields } from './managedFields.ts'
export type { ManagedEntry } from './entry.ts'
export type { FieldType } from './fieldType.ts'
export { settled, type Ownership } from './notes.ts'
