// Goal: the background never takes more than its share of what a vendor publishes, for each client, and never stands still
// for good. Method: ten thousand turns and a clock by hand; every instant at which a request leaves is written down.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Context } from '../../../src/broker/context.ts'
import { createRenewalPace } from '../../../src/broker/tokens/renewal-pace.ts'
import { limits } from '../../../src/limits.ts'
import { asApplicationId } from '../../../src/model/ids.ts'
import { sources } from '../../../src/sources/index.ts'

const SECOND = 1_000
const STRAVA = { requests: 200, windowSeconds: 900 }

function openPace(clientIds: readonly string[]) {
  let now = 0
  const applications = clientIds.map((clientId, i) => {
    const id = asApplicationId(`app-${i}`)
    return [id, { id, clients: new Map([['strava', { clientId }]]) }] as const
  })
  // What a pace looks at of a context.
  const context = { now: () => now, sources, applications: new Map(applications) } as unknown as Context
  const pace = createRenewalPace(context)
  return {
    ...pace,
    turnOf: (i: number) => ({ applicationId: asApplicationId(`app-${i}`), vendor: 'strava' }),
    now: () => now,
    advance: (ms: number) => {
      now += ms
    },
  }
}

/** The most requests within any window that begins with one of them. */
function mostWithin(instants: readonly number[], windowMs: number): number {
  let most = 0
  let first = 0
  for (const [i, at] of instants.entries()) {
    while (at - (instants[first] ?? at) > windowMs) first++
    most = Math.max(most, i - first + 1)
  }
  return most
}

describe('the pace of renewals', () => {
  it('10,000 that are due at once are spread: no window gets more than the share, and all get their turn', () => {
    const pace = openPace(['one'])
    const sent: number[] = []
    for (let left = 10_000; left > 0; ) {
      const waitMs = pace.waitOrTake(pace.turnOf(0))
      if (waitMs === 0) {
        sent.push(pace.now())
        left--
      } else pace.advance(waitMs)
    }
    const quarter = mostWithin(sent, STRAVA.windowSeconds * SECOND)
    const day = mostWithin(sent, 86_400 * SECOND)
    assert.ok(quarter <= STRAVA.requests * limits.renewalShare, `${quarter} in a quarter of an hour`)
    assert.ok(day <= 2_000 * limits.renewalShare, `${day} in a day`)
    // As fast as the share lets it: ten days of a thousand each, and a tenth for the spreading.
    assert.ok(pace.now() <= 11.2 * 86_400 * SECOND, `took ${pace.now() / 86_400_000} days`)
    assert.ok(day > 900, `${day} in a day is too slow`)
  })

  it('one client that has used its share holds up no other one of the same vendor', () => {
    const pace = openPace(['one', 'two'])
    while (pace.waitOrTake(pace.turnOf(0)) === 0);
    assert.deepEqual(pace.spent(), [])
    assert.equal(pace.waitOrTake(pace.turnOf(1)), 0)
    while (pace.waitOrTake(pace.turnOf(1)) === 0);
    assert.deepEqual(pace.spent(), ['strava'])
  })

  it('applications with the same client share what it has', () => {
    const pace = openPace(['one', 'one'])
    while (pace.waitOrTake(pace.turnOf(0)) === 0);
    assert.ok(pace.waitOrTake(pace.turnOf(1)) > 0)
    assert.deepEqual(pace.spent(), ['strava'])
  })

  it('a client that was told to wait waits so long, also where nothing is published', () => {
    const pace = openPace(['one'])
    pace.noteBusy(pace.turnOf(0), 90 * SECOND)
    assert.equal(pace.waitOrTake(pace.turnOf(0)), 90 * SECOND)
    assert.deepEqual(pace.spent(), ['strava'])
    pace.advance(90 * SECOND)
    assert.deepEqual(pace.spent(), [])
    assert.equal(pace.waitOrTake(pace.turnOf(0)), 0)
  })
})
