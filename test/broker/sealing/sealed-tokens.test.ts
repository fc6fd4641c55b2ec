// Goal: tokens open as what they were sealed as, in their own row alone. Method: a key ring of the test's own, tokens of
// both protocols, and each opened as the other.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openOAuth1Tokens, openTokens, sealTokens } from '../../../src/broker/sealing/sealed-tokens.ts'
import { asApplicationId, asConnectionId } from '../../../src/model/ids.ts'
import { secret } from '../../../src/model/secret.ts'
import { unlockVault, VaultError } from '../../../src/vault/index.ts'

const KEY = { id: 'k1', key: Buffer.alloc(32, 7) }
const vault = await unlockVault(
  [KEY],
  (length) => new Uint8Array(length).fill(5),
  async (sealed) => sealed,
)
const row = { applicationId: asApplicationId('app'), id: asConnectionId('0'.repeat(32)) }
const bearer = {
  accessToken: secret('access'),
  refreshToken: secret('refresh'),
  tokenType: 'bearer',
} as const
const oauth1 = {
  accessToken: secret('token'),
  tokenSecret: secret('token-secret'),
  refreshToken: null,
  tokenType: 'oauth1',
} as const

describe('sealed tokens', () => {
  test('of OAuth 1.0a open with their secret', () => {
    const opened = openOAuth1Tokens({ vault }, row, sealTokens({ vault }, row, oauth1))
    assert.deepEqual(
      [opened.accessToken.reveal(), opened.tokenSecret.reveal(), opened.refreshToken, opened.tokenType],
      ['token', 'token-secret', null, 'oauth1'],
    )
  })

  test('of OAuth 2.0 open as they did before there was another protocol', () => {
    const place = { applicationId: row.applicationId, object: row.id, field: 'tokens' }
    const older = vault.seal('{"accessToken":"access","refreshToken":null}', place)
    const opened = openTokens({ vault }, row, older)
    assert.deepEqual(
      [opened.accessToken.reveal(), opened.refreshToken, opened.tokenType],
      ['access', null, 'bearer'],
    )
    assert.equal(
      openTokens({ vault }, row, sealTokens({ vault }, row, bearer)).refreshToken?.reveal(),
      'refresh',
    )
  })

  test('of one protocol are never taken for those of the other', () => {
    assert.throws(() => openTokens({ vault }, row, sealTokens({ vault }, row, oauth1)), TypeError)
    assert.throws(() => openOAuth1Tokens({ vault }, row, sealTokens({ vault }, row, bearer)), TypeError)
  })

  test('open in no other row', () => {
    const other = { ...row, id: asConnectionId('1'.repeat(32)) }
    const sealed = sealTokens({ vault }, row, oauth1)
    assert.throws(() => openOAuth1Tokens({ vault }, other, sealed), VaultError)
  })
})
