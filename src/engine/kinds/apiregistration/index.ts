import { apiService } from './apiService.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const apiregistrationKinds = [apiService] as const
