import { invalidValue, required, type FieldError } from '../../../api/index.ts'
import { fieldErrors, resourceFieldErrors } from './env.ts'
import { descendingPathErrors } from './mounts.ts'
import type { Volume } from './types.ts'

/** What is wrong with the permissions of a file. */
export function modeErrors(errors: FieldError[], path: string, mode: number | undefined): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777))
    errors.push(invalidValue(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive'))
}

/** A key of a ConfigMap or Secret, and the file it becomes. */
export interface Item {
  readonly key: string
  readonly path: string
  readonly mode?: number
}

/** What is wrong with the files that keys become. */
export function itemErrors(errors: FieldError[], path: string, items: readonly Item[] | undefined): void {
  items?.forEach((item, index) => itemError(errors, `${path}[${index}]`, item))
}

/** What is wrong with one of them. */
export function itemError(errors: FieldError[], at: string, { key, path = '', mode }: Item): void {
  if (!key) errors.push(required(`${at}.key`))
  if (path === '') errors.push(required(`${at}.path`))
  ownPathErrors(errors, `${at}.path`, path)
  modeErrors(errors, `${at}.mode`, mode)
}

/** A relative path that does not collide with the names under which Kubernetes keeps versions: those begin with two dots. */
export function ownPathErrors(errors: FieldError[], path: string, text: string): void {
  descendingPathErrors(errors, path, text)
  if (text.startsWith('..') && !text.startsWith('../'))
    errors.push(invalidValue(path, text, "must not start with '..'"))
}

const volumeFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid']

type File = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number]

/** What is wrong with a file that tells of the pod itself. */
export function fileErrors(errors: FieldError[], path: string, file: File): void {
  if (!file.path) errors.push(required(`${path}.path`))
  ownPathErrors(errors, `${path}.path`, file.path ?? '')
  if (file.fieldRef) {
    fieldErrors(errors, `${path}.fieldRef`, file.fieldRef, volumeFields)
    if (file.resourceFieldRef)
      errors.push(invalidValue(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
  } else if (file.resourceFieldRef) resourceFieldErrors(errors, `${path}.resourceFieldRef`, file.resourceFieldRef, true)
  else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  modeErrors(errors, `${path}.mode`, file.mode)
}
