import type { User } from '../../api/index.ts'
import type { ApiServer } from '../apiServer.ts'
import type { Wire } from './wire.ts'

/** Who asks: whom the caller named, whose token or name the headers carry, or an administrator. */
export function userOf({ headers, user }: Wire, server: ApiServer): User {
  return server.authenticate(headers, user)
}
