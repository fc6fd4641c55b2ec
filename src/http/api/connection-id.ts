import { SpringbarError } from '../../errors.ts'
import { asConnectionId, type ConnectionId, isHexId } from '../../model/ids.ts'

/** The id in a path. Throws `not_found` for what cannot be one. */
export function readConnectionId(value: string): ConnectionId {
  if (!isHexId(value)) throw new SpringbarError('not_found', 'There is no connection with this id.')
  return asConnectionId(value)
}
