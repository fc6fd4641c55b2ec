import { z } from 'zod'
import type { Connection } from '../../model/connection.ts'
import { secret } from '../../model/secret.ts'
import type { AnyTokens, OAuth1Tokens, Tokens } from '../../oauth/index.ts'
import type { Context } from '../context.ts'
import { tokensPlace } from './sealed-places.ts'

/** The row that the tokens belong to; sealed for one, they open in no other. */
type Row = Pick<Connection, 'applicationId' | 'id'>

const contents = z.object({
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  /** What signs with a token of OAuth 1.0a. */
  tokenSecret: z.string().optional(),
  extras: z.record(z.string(), z.string()).optional(),
})

/** Seals a vendor's tokens for one connection. */
export function sealTokens({ vault }: Pick<Context, 'vault'>, row: Row, tokens: AnyTokens): string {
  const text = JSON.stringify({
    accessToken: tokens.accessToken.reveal(),
    refreshToken: tokens.refreshToken?.reveal() ?? null,
    ...(tokens.tokenType === 'oauth1' ? { tokenSecret: tokens.tokenSecret.reveal() } : {}),
    ...(tokens.tokenType === 'oauth1' || tokens.extras === undefined ? {} : { extras: tokens.extras }),
  })
  return vault.seal(text, tokensPlace(row))
}

/** Opens what {@link sealTokens} sealed of OAuth 1.0a. Throws as {@link openTokens}. */
export function openOAuth1Tokens({ vault }: Pick<Context, 'vault'>, row: Row, sealed: string): OAuth1Tokens {
  const opened = contents.parse(JSON.parse(vault.open(sealed, tokensPlace(row))))
  if (opened.tokenSecret === undefined) throw new TypeError('these are tokens of OAuth 2.0')
  return {
    accessToken: secret(opened.accessToken),
    tokenSecret: secret(opened.tokenSecret),
    refreshToken: null,
    tokenType: 'oauth1',
  }
}

/**
 * Opens what {@link sealTokens} sealed of OAuth 2.0. Throws a `VaultError` when it was altered, moved, or its key is gone,
 * and a TypeError for a token of the other protocol: one must never be sent as the other.
 */
export function openTokens({ vault }: Pick<Context, 'vault'>, row: Row, sealed: string): Tokens {
  const { tokenSecret, accessToken, refreshToken, extras } = contents.parse(
    JSON.parse(vault.open(sealed, tokensPlace(row))),
  )
  if (tokenSecret !== undefined) throw new TypeError('these are tokens of OAuth 1.0a')
  return {
    accessToken: secret(accessToken),
    refreshToken: refreshToken === null ? null : secret(refreshToken),
    tokenType: 'bearer',
    ...(extras === undefined ? {} : { extras }),
  }
}
