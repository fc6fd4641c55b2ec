// Goal: what the screen says is what Springbar's API says is true, whatever the return URL claims.
// Method: every combination of action, claim and state, and each reason of the contract, on the pure functions.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Action, type ConnectionResult, readResult } from '@springbar/sdk'
import { describeNewTab, describeReturn } from '../../examples/custom-screen/outcome.ts'
import { FEW } from '../../examples/custom-screen/sources.ts'

const strava = FEW.describe(11)

function result(action: Action, connected: boolean, error?: string): ConnectionResult {
  const query = new URLSearchParams({ dataSource: '11', connected: String(connected) })
  if (error !== undefined) query.set('error', error)
  const read = readResult(query, { action })
  assert.ok(read)
  return read
}

describe('after a connect', () => {
  it('says connected only when it is', () => {
    assert.deepEqual(describeReturn(result('connect', true), strava, 'connected'), {
      tone: 'good',
      title: 'Strava is connected',
      text: 'From now on its numbers come here by themselves.',
      next: null,
    })
    const claimed = describeReturn(result('connect', true), strava, 'not-connected')
    assert.equal(claimed.title, 'Strava is not here yet')
    assert.equal(claimed.next?.href, '/')
  })

  it('says when less was allowed than was asked for, and leads to the rest alone', () => {
    const returned = describeReturn(result('connect', true), strava, 'partly')
    assert.deepEqual(returned, describeNewTab(strava, 'partly'))
    assert.notEqual(returned.tone, 'good')
    assert.match(returned.title, /^Strava is connected, with something missing$/)
    assert.equal(returned.next?.href, '/connect/11?permissions=missing')
  })

  it('says that an earlier connection stays', () => {
    const message = describeReturn(result('connect', false, 'access_denied'), strava, 'connected')
    assert.equal(message.tone, 'neutral')
    assert.match(message.text, /The connection that you already had stays as it was\.$/)
  })

  const reasons: Readonly<Record<string, RegExp>> = {
    access_denied: /^You cancelled$/,
    scope_missing: /one more tick/,
    session_expired: /took a little long/,
    attempt_expired: /took a little long/,
    account_in_use: /account is in use/,
    browser_changed: /another browser/,
    source_not_available: /cannot be connected now/,
    log_in_failed: /log-in at .* did not work/,
    vendor_unavailable: /did not answer/,
    vendor_error: /was not connected/,
    server_error: /was not connected/,
    something_new: /was not connected/,
  }
  for (const [error, title] of Object.entries(reasons)) {
    it(`explains ${error} and offers a way on`, () => {
      const message = describeReturn(result('connect', false, error), strava, 'not-connected')
      assert.match(message.title, title)
      assert.equal(message.tone, error === 'access_denied' ? 'neutral' : 'bad')
      assert.equal(message.next?.href, '/connect/11')
    })
  }

  it('calls nothing a fault when there is no reason, since it may be a cancel', () => {
    assert.equal(describeReturn(result('connect', false), strava, 'not-connected').tone, 'neutral')
  })
})

describe('after a disconnect', () => {
  for (const claimed of [true, false]) {
    it(`says disconnected whenever it is, also when the URL says connected=${claimed}`, () => {
      const message = describeReturn(result('disconnect', claimed), strava, 'not-connected')
      assert.equal(message.title, 'Strava is disconnected')
      assert.equal(message.tone, 'good')
    })
    it(`says still connected whenever it is, also when the URL says connected=${claimed}`, () => {
      const message = describeReturn(result('disconnect', claimed), strava, 'connected')
      assert.equal(message.title, 'Strava is still connected')
      assert.equal(message.next?.href, '#source-11')
    })
  }

  it('takes a no to the question for a no', () => {
    const message = describeReturn(result('disconnect', true, 'access_denied'), strava, 'connected')
    assert.equal(message.title, 'You kept Strava')
    assert.equal(message.tone, 'neutral')
  })
})

describe('while a new tab connects', () => {
  it('says connected as soon as it is, and until then what to do', () => {
    assert.equal(describeNewTab(strava, 'connected').title, 'Strava is connected')
    const waiting = describeNewTab(strava, 'not-connected')
    assert.equal(waiting.title, 'Strava is not connected yet')
    assert.equal(waiting.next?.href, '/connect/11')
  })
})
