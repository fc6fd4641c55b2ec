// Goal: where the vendor lists what the person allowed, that list alone counts, and an empty one is believed only after
// asking again. Method: lists of every sort, one after the other, and the waits that were asked for.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exchangeCode } from '../../src/oauth/index.ts'
import { answerOf, client, exchange, goodAnswer, plainVendor, using, vendorThatAnswers } from './support.ts'

const listing = using({
  authorizationRequest: { ...plainVendor.authorizationRequest, scopeParameter: null },
  permissions: { url: 'https://data.vendor.example/permissions', path: 'user.allowed', triesWhenEmpty: 3 },
})
const list = (allowed: unknown) => answerOf(JSON.stringify({ user: { allowed } }))
const grantAfter = (...answers: Response[]) => {
  const { context, asked, waited } = vendorThatAnswers(answerOf(JSON.stringify(goodAnswer)), ...answers)
  return { asked, waited, granted: exchangeCode(context, listing, client, exchange) }
}

describe('permissions that the vendor lists', () => {
  test('are asked for with the access token, and go before the scopes of the token answer', async () => {
    const { asked, waited, granted } = grantAfter(list(['sleep:read', 'sleep:read', 'new:one']))
    const grant = await granted
    assert.deepEqual(grant.grantedScopes, ['sleep:read', 'new:one'])
    assert.deepEqual(grant.missingScopes, ['steps:read', 'profile'])
    assert.deepEqual([asked[1]?.method, asked[1]?.url], ['GET', 'https://data.vendor.example/permissions'])
    assert.equal(asked[1]?.headers.get('authorization'), 'Bearer access-1')
    assert.deepEqual(waited, [])
  })

  test('are asked for again while there are none, after growing waits', async () => {
    const { asked, waited, granted } = grantAfter(list([]), list([]), list(['steps:read']))
    assert.deepEqual((await granted).grantedScopes, ['steps:read'])
    assert.deepEqual([asked.length, waited], [4, [500, 1000]])
  })

  test('are none when there are none after the last try: the person allowed nothing', async () => {
    const { asked, waited, granted } = grantAfter(list([]), list([]), list([]))
    await assert.rejects(granted, { kind: 'denied', cause: 'nothing_granted' })
    assert.deepEqual([asked.length, waited.length], [4, 2])
  })

  test('without any that gives data make no grant', async () => {
    await assert.rejects(grantAfter(list(['profile'])).granted, {
      kind: 'scope_missing',
      cause: 'no_data_granted',
    })
  })

  const wrong: readonly [answer: Response, kind: string, cause: string][] = [
    [list(undefined), 'malformed', 'scope'],
    [list('sleep:read'), 'malformed', 'scope'],
    [list([1]), 'malformed', 'scope'],
    [list(['sleep:read', null]), 'malformed', 'scope'],
    [list(['']), 'malformed', 'scope'],
    [list(Array.from({ length: 201 }, (_, i) => `scope-${i}`)), 'malformed', 'scope'],
    [answerOf('{}', 503), 'unavailable', 'http_status'],
    [answerOf('{}', 403), 'scope_missing', 'insufficient_scope'],
    [answerOf('<html>', 200, 'text/html'), 'malformed', 'content_type'],
  ]
  for (const [answer, kind, cause] of wrong)
    test(`in an answer that is ${kind} (${cause}, ${answer.status}) are not guessed`, async () => {
      const { asked, granted } = grantAfter(answer)
      await assert.rejects(granted, { name: 'VendorError', kind, cause })
      assert.equal(asked.length, 2)
    })
})
