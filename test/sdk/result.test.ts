// Goal: the outcome in a return URL is read as the contract means it, also where `connected` means the opposite.
// Method: samples of contract §3, ambiguous and hostile queries, and a property over arbitrary strings.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readResult } from '@springbar/sdk'
import fc from 'fast-check'
import '../support/fixed-seed.ts'

const done = 'https://app.example.org/done'

describe('readResult', () => {
  const meanings = [
    { action: 'connect', connected: true, succeeded: true },
    { action: 'connect', connected: false, succeeded: false },
    { action: 'disconnect', connected: false, succeeded: true },
    { action: 'disconnect', connected: true, succeeded: false },
  ] as const
  for (const { action, connected, succeeded } of meanings) {
    it(`reads connected=${connected} after a ${action} as ${succeeded ? 'success' : 'failure'}`, () => {
      assert.deepEqual(readResult(`${done}?dataSource=8&connected=${connected}`, { action }), {
        action,
        dataSource: 8,
        connected,
        succeeded,
      })
    })
  }

  it('gives the error and the result code when they are there', () => {
    const url = `${done}?tab=2&dataSource=11&connected=false&error=access_denied&result=Ab3-_.~`
    assert.deepEqual(readResult(url, { action: 'connect' }), {
      action: 'connect',
      dataSource: 11,
      connected: false,
      succeeded: false,
      error: 'access_denied',
      result: 'Ab3-_.~',
    })
  })

  it('reads a URL, a path, a custom scheme and a parsed query alike', () => {
    const query = 'dataSource=11&connected=true'
    const sources = [
      new URL(`${done}?${query}`),
      `/done?${query}`,
      `myapp://done?${query}`,
      `?${query}`,
      new URLSearchParams(query),
    ]
    for (const from of sources) assert.equal(readResult(from, { action: 'connect' })?.succeeded, true)
  })

  const nothing = [
    done,
    `${done}?dataSource=11`,
    `${done}?connected=true`,
    `${done}?dataSource=11&connected=`,
    `${done}?dataSource=11&connected=TRUE`,
    `${done}?dataSource=11&connected=1`,
    `${done}?dataSource=11&connected=true&connected=false`,
    `${done}?dataSource=11&dataSource=8&connected=true`,
    `${done}?dataSource=strava&connected=true`,
    `${done}?dataSource=0&connected=true`,
    `${done}?dataSource=011&connected=true`,
    `${done}?dataSource=1e1&connected=true`,
    `${done}?dataSource=99999999999999999999&connected=true`,
    `${done}#dataSource=11&connected=true`,
    'https://[',
    '',
  ]
  for (const url of nothing) {
    it(`finds no outcome in ${url === '' ? 'nothing' : url}`, () => {
      assert.equal(readResult(url, { action: 'connect' }), null)
    })
  }

  it('leaves out an error or code that is not well-formed or doubled, and keeps the outcome', () => {
    const hostile = `${done}?dataSource=11&connected=false&error=%3Cscript%3E&result=a%20b`
    const doubled = `${done}?dataSource=11&connected=false&error=access_denied&error=vendor_error`
    for (const url of [hostile, doubled]) {
      assert.deepEqual(readResult(url, { action: 'connect' }), {
        action: 'connect',
        dataSource: 11,
        connected: false,
        succeeded: false,
      })
    }
  })

  it('never throws, and gives only well-formed fields', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('dataSource=1', 'connected=true', 'error=a', 'result=b', '&', '?', '%'),
    )
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('&')),
        (text) => {
          for (const from of [text, `${done}?${text}`, new URLSearchParams(text)]) {
            const result = readResult(from, { action: 'disconnect' })
            if (result === null) continue
            assert.equal(result.succeeded, !result.connected)
            assert.ok(Number.isSafeInteger(result.dataSource) && result.dataSource > 0)
            assert.match(result.error ?? 'none', /^[a-z][a-z0-9_]*$/)
          }
        },
      ),
    )
  })
})
