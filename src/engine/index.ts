export * from './api/index.ts'
export {
  builtInExplainRoot,
  customExplainRoot,
  customJsonSchemaOf,
  describedBy,
  explain,
  jsonSchemaOf,
} from './api/schema/index.ts'
