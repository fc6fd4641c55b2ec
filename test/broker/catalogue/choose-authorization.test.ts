// Goal: a client is never given for another authorization than the one that is meant. Method: a source with two real
// systems, one of which has a test system, and every choice.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chooseAuthorization } from '../../../src/broker/catalogue/choose-authorization.ts'
import { SpringbarError } from '../../../src/errors.ts'
import type { Source } from '../../../src/model/source.ts'
import { sources } from '../../../src/sources/index.ts'

const fitbit = sources.get(1)
assert.ok(fitbit?.kind === 'oauth2')
const [first, second] = fitbit.authorizations
assert.ok(first && second)
const withSandbox: Source = {
  ...fitbit,
  authorizations: [first, second, { ...first, vendor: 'fitbit-sandbox', environment: 'sandbox' }],
}
const single: Source = { ...withSandbox, authorizations: withSandbox.authorizations.slice(1) }

type Environment = 'production' | 'sandbox' | null

const choose = (source: Source, vendor: string | null, environment: Environment) => {
  try {
    return chooseAuthorization(source, { vendor, environment }).vendor
  } catch (error) {
    assert.ok(error instanceof SpringbarError)
    return `${error.code}: ${error.detail}`
  }
}

describe('the authorization that a client is for', () => {
  test('is the one that is named, in whichever system it is', () => {
    for (const vendor of ['google-health', 'fitbit', 'fitbit-sandbox'])
      assert.equal(choose(withSandbox, vendor, null), vendor)
    assert.equal(choose(withSandbox, 'fitbit', 'production'), 'fitbit')
  })

  test('is the only one of the environment; when nothing is said, of the real system', () => {
    assert.equal(choose(withSandbox, null, 'sandbox'), 'fitbit-sandbox')
    assert.equal(choose(single, null, null), 'fitbit')
    assert.equal(choose(single, null, 'production'), 'fitbit')
  })

  test('is never guessed: several or none are refused, with everything that there is', () => {
    const choices = 'there are google-health (production), fitbit (production), fitbit-sandbox (sandbox).'
    const several = `invalid_request: vendor: say which authorization is meant; ${choices}`
    const none = `invalid_request: vendor: no authorization fits; ${choices}`
    assert.equal(choose(withSandbox, null, null), several)
    assert.equal(choose(withSandbox, null, 'production'), several)
    assert.equal(choose(withSandbox, 'fitbit', 'sandbox'), none)
    assert.equal(choose(withSandbox, 'strava', null), none)
    assert.equal(choose(withSandbox, 'Fitbit', null), none)
  })

  test('is none for a source that takes no client', () => {
    const native = [...sources.values()].find(({ kind }) => kind !== 'oauth2')
    assert.ok(native)
    assert.match(choose(native, null, null), /^source_not_available: /)
  })
})
