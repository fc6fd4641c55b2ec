import { z } from 'zod'
import type { Connection } from '../model/connection.ts'
import { secret } from '../model/secret.ts'
import type { Tokens } from '../oauth/index.ts'
import type { Context } from './context.ts'

/** The row that the tokens belong to; sealed for one, they open in no other. */
type Row = Pick<Connection, 'applicationId' | 'id'>

const placeOf = (row: Row) => ({ applicationId: row.applicationId, object: row.id, field: 'tokens' })

const contents = z.object({ accessToken: z.string(), refreshToken: z.string().nullable() })

/** Seals a vendor's tokens for one connection. */
export function sealTokens({ vault }: Pick<Context, 'vault'>, row: Row, tokens: Tokens): string {
  const text = JSON.stringify({
    accessToken: tokens.accessToken.reveal(),
    refreshToken: tokens.refreshToken?.reveal() ?? null,
  })
  return vault.seal(text, placeOf(row))
}

/** Opens what {@link sealTokens} sealed. Throws a `VaultError` when it was altered, moved, or its key is gone. */
export function openTokens({ vault }: Pick<Context, 'vault'>, row: Row, sealed: string): Tokens {
  const { accessToken, refreshToken } = contents.parse(JSON.parse(vault.open(sealed, placeOf(row))))
  return {
    accessToken: secret(accessToken),
    refreshToken: refreshToken === null ? null : secret(refreshToken),
    tokenType: 'bearer',
  }
}
