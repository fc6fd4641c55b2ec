// Goal: a link says exactly what it was built from, whatever the redirect URI contains.
// Method: samples from contract §3, and properties over arbitrary redirect URIs, read back by an independent parser.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectUrl, disconnectUrl, SpringbarError } from '@springbar/sdk'
import fc from 'fast-check'
import { TOKEN } from './stand-in.ts'
import '../support/fixed-seed.ts'

const link = { baseUrl: 'https://connect.example.org', token: TOKEN, dataSource: 11 }

/** Form-decodes one pair of a raw query by hand, so that the check does not rest on the builder's own tools. */
function decodeOnce(encoded: string): string {
  const bytes = Buffer.from(
    encoded
      .replace(/\+/g, ' ')
      .replace(/%([0-9A-F]{2})/g, (_pair, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
  return bytes.toString('utf8')
}

describe('links', () => {
  it('name token, source and redirect URI in the documented order', () => {
    assert.equal(
      connectUrl({ ...link, redirectUri: 'https://app.example.org/done?tab=2' }),
      `https://connect.example.org/dataSourceDirectConnection.html?token=${TOKEN}&dataSource=11&redirect_uri=https%3A%2F%2Fapp.example.org%2Fdone%3Ftab%3D2`,
    )
    assert.equal(
      disconnectUrl({ ...link, direct: true, redirectUri: 'https://app.example.org/done' }),
      `https://connect.example.org/dataSourceDirectRevoke.html?token=${TOKEN}&dataSource=11&direct=true&redirect_uri=https%3A%2F%2Fapp.example.org%2Fdone`,
    )
  })

  it('ask for missing permissions alone when told so', () => {
    const url = connectUrl({ ...link, scopes: 'missing', redirectUri: 'https://app.example.org/done' })
    assert.equal(
      url,
      `https://connect.example.org/dataSourceDirectConnection.html?token=${TOKEN}&dataSource=11&scopes=missing&redirect_uri=https%3A%2F%2Fapp.example.org%2Fdone`,
    )
    assert.equal(connectUrl({ ...link, scopes: 'all' }), connectUrl(link))
  })

  it('leave out the redirect URI when there is none', () => {
    assert.equal(
      connectUrl(link),
      `https://connect.example.org/dataSourceDirectConnection.html?token=${TOKEN}&dataSource=11`,
    )
  })

  it('let the service ask first unless direct is true', () => {
    const asking = `https://connect.example.org/dataSourceDirectRevoke.html?token=${TOKEN}&dataSource=11`
    assert.equal(disconnectUrl(link), asking)
    assert.equal(disconnectUrl({ ...link, direct: false }), asking)
  })

  it('take the key of a source instead of its id, and a base URL with a path', () => {
    assert.equal(
      connectUrl({ ...link, baseUrl: 'http://localhost:8080/springbar/', dataSource: 'google-fit' }),
      `http://localhost:8080/springbar/dataSourceDirectConnection.html?token=${TOKEN}&dataSource=google-fit`,
    )
  })

  it('carry any redirect URI unchanged, as one parameter, and nothing else with it', () => {
    const weird = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom(
        'myapp://done',
        'https://app.example.org/done?dataSource=1&redirect_uri=https://evil.example',
        'https://app.example.org/a%2Fb?x=%25&y=+',
        "https://app.example.org/!'()*;:@&=+$,?",
        'javascript:alert(1)',
        '\\evil\r\nSet-Cookie: a=b',
        '&token=other&direct=true#',
      ),
    )
    fc.assert(
      fc.property(weird, fc.boolean(), (redirectUri, direct) => {
        for (const built of [
          connectUrl({ ...link, redirectUri }),
          disconnectUrl({ ...link, redirectUri, direct }),
        ]) {
          assert.match(
            built,
            /^https:\/\/connect\.example\.org\/dataSourceDirect(Connection|Revoke)\.html\?[!-~]+$/,
          )
          const pairs = built
            .slice(built.indexOf('?') + 1)
            .split('&')
            .map((pair) => pair.split('='))
          const isDirect = direct && built.includes('Revoke')
          assert.deepEqual(
            pairs.map(([name]) => name),
            ['token', 'dataSource', ...(isDirect ? ['direct'] : []), 'redirect_uri'],
          )
          assert.deepEqual(pairs.at(-1)?.slice(1).map(decodeOnce), [redirectUri])
          assert.deepEqual(new URL(built).searchParams.getAll('redirect_uri'), [redirectUri])
        }
      }),
    )
  })

  const refused: Readonly<Record<string, Partial<Parameters<typeof connectUrl>[0]>>> = {
    'an empty token': { token: '' },
    'a token with a parameter behind': { token: `${TOKEN}&direct=true` },
    'a token with a line break': { token: `${TOKEN}\n` },
    'an empty redirect URI': { redirectUri: '' },
    'half of a surrogate pair': { redirectUri: 'https://app.example.org/\ud800' },
    'a negative source': { dataSource: -1 },
    'a source with decimals': { dataSource: 1.5 },
    'a source with leading zeros': { dataSource: '011' },
    'a source in capitals': { dataSource: 'Strava' },
    'a base URL with a query': { baseUrl: 'https://connect.example.org/?a=b' },
    'a script as base URL': { baseUrl: 'javascript:alert(1)' },
  }
  for (const [name, wrong] of Object.entries(refused)) {
    it(`are not built from ${name}`, () => {
      for (const build of [connectUrl, disconnectUrl]) {
        assert.throws(
          () => build({ ...link, ...wrong }),
          (error) =>
            error instanceof SpringbarError &&
            error.code === 'invalid_argument' &&
            !error.message.includes(TOKEN),
        )
      }
    })
  }
})
