// Goal: a source pointed at another origin calls nobody else, and is the same source otherwise. Method: every address of
// every definition, before and after.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AnyAuthorization, isOAuth2, type Source } from '../../src/model/source.ts'
import { pointAt, sources } from '../../src/sources/index.ts'

const ORIGIN = 'http://localhost:8081'

function authorizationsOf(source: Source | undefined): readonly AnyAuthorization[] {
  return source?.kind === 'oauth2' ? source.authorizations : []
}

/** Every string of a definition that is an address, except names that look like one and links for people. */
function addresses(value: unknown): string[] {
  if (typeof value === 'string') return /^https?:\/\//.test(value) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    ['scopes', 'issuer', 'documentation', 'registration', 'removeAt'].includes(name) ? [] : addresses(member),
  )
}

describe('pointing a source at another origin', () => {
  for (const source of sources.values()) {
    if (source.kind !== 'oauth2') continue
    test(`moves every address of ${source.key}, host first`, () => {
      const before = addresses(source)
      assert.ok(before.length >= 2)
      assert.deepEqual(
        addresses(pointAt(source, ORIGIN)),
        before.map((address) => address.replace('https://', `${ORIGIN}/`)),
      )
    })

    test(`leaves ${source.key} as it was otherwise`, () => {
      const back = JSON.stringify(pointAt(source, ORIGIN)).replaceAll(`${ORIGIN}/`, 'https://')
      assert.deepEqual(JSON.parse(back), source)
      assert.ok(
        addresses(source).every((address) => address.startsWith('https://')),
        'the registry is untouched',
      )
    })
  }

  test('keeps scopes and issuers, which are names', () => {
    const [before] = authorizationsOf(sources.get(1))
    const moved = sources.get(1)
    assert.ok(moved)
    const [after] = authorizationsOf(pointAt(moved, ORIGIN))
    assert.deepEqual(after?.scopes, before?.scopes)
    assert.ok(after !== undefined && isOAuth2(after))
    assert.equal(after.authorizationResponse.issuer?.value, 'https://accounts.google.com')
  })

  test('moves the addresses of hooks', () => {
    const withings = sources.get(8)
    assert.ok(withings)
    const [authorization] = authorizationsOf(pointAt(withings, ORIGIN))
    assert.ok(authorization?.revocation.kind === 'hook')
    assert.deepEqual(authorization.revocation.endpoints, {
      nonce: 'http://localhost:8081/wbsapi.withings.net/v2/signature',
      revocation: 'http://localhost:8081/wbsapi.withings.net/v2/oauth2',
    })
  })

  test('has nothing to do where there is no definition', () => {
    const beurer = sources.get(27)
    assert.ok(beurer)
    assert.equal(pointAt(beurer, ORIGIN), beurer)
  })
})
