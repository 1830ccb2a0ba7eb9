/** What kubectl uses of the engine, in one place. */
export * from '../engine/api/index.ts'
export {
  builtInExplainRoot,
  explain,
  elementOf,
  findObjectType,
  mergeRule,
  typeOf,
  type TypeRef,
} from '../engine/api/schema/index.ts'
