// Refreshes one connection so many times, against a vendor whose tokens are made of a seed and kept nowhere, and then writes
// down its own memory. Arguments: database, file of the snapshot, seed, how many refreshes.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import process from 'node:process'
import { writeHeapSnapshot } from 'node:v8'
import { sealTokens } from '../../src/broker/sealing/sealed-tokens.ts'
import { readToken } from '../../src/broker/tokens/read-token.ts'
import { parseConfig } from '../../src/config/index.ts'
import { configRulesOf } from '../../src/main/config-rules.ts'
import { openContext } from '../../src/main/service.ts'
import { asApplicationId } from '../../src/model/ids.ts'
import { secret } from '../../src/model/secret.ts'
import { sources } from '../../src/sources/index.ts'
import { newConnection, storeEndUser } from '../storage/rows.ts'

const [database = '', file = '', seed = '', count = '0'] = process.argv.slice(2)
const HOUR = 3_600_000
const tokenOf = (kind: string, n: number) => createHmac('sha256', seed).update(`${kind} ${n}`).digest('hex')
let now = Date.parse('2026-11-22T12:00:00Z')
let made = 0
const silent = () => undefined
const applicationId = asApplicationId('app')
const config = parseConfig(
  {
    publicUrl: 'http://localhost:8080',
    database,
    keys: [{ id: 'k1', key: Buffer.alloc(32, 7).toString('base64') }],
    accounts: [
      {
        username: 'a',
        passwords: ['a-password-that-is-long'],
        applications: [
          {
            id: 'app',
            name: 'App',
            secrets: ['Ys3_pJc8-fTg5_wRk1-bXv0'],
            apiKeys: ['Ha6-nBz4_qSd7-kMw2_tCf9'],
            redirectUris: ['https://app.example.com/done'],
            clients: { fitbit: { clientId: 'client', clientSecret: 'client-secret' } },
          },
        ],
      },
    ],
  },
  { ...configRulesOf(sources), tryOut: true },
)
const context = await openContext(config, {
  log: { debug: silent, info: silent, warn: silent, error: silent },
  sandboxOrigin: null,
  now: () => now,
  fetch: async () => {
    made += 1
    const body = {
      access_token: tokenOf('access', made),
      refresh_token: tokenOf('refresh', made),
      expires_in: 28_800,
      token_type: 'Bearer',
      scope: 'activity',
      user_id: 'X1',
    }
    return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
  },
})
const application = context.applications.get(applicationId)
assert.ok(application)
const endUser = await storeEndUser(context.storage, { applicationId })
const connection = newConnection(endUser, {
  sourceId: 1,
  vendor: 'fitbit',
  accountId: 'X1',
  accessExpiresAt: now,
  connectedAt: now,
  updatedAt: now,
})
/** In a function of its own: what this program holds would be found. */
const sealFirst = () =>
  sealTokens(context, connection, {
    accessToken: secret(tokenOf('access', 0)),
    refreshToken: secret(tokenOf('refresh', 0)),
    tokenType: 'bearer',
  })
const sealedTokens = sealFirst()
await context.storage.write((tables) => tables.connections.insert({ ...connection, sealedTokens }))
for (let i = 0; i < Number(count); i++) {
  await readToken(context, application, connection.id)
  now += 8 * HOUR
}
assert.equal(made, Number(count))
writeHeapSnapshot(file)
await context.storage.close()
