// Goal: which of a source's authorizations an application uses follows from its clients alone. Method: one made-up source
// with places and test systems in an unhelpful order, and applications with every set of clients for it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { availabilityOf } from '../../../src/broker/catalogue/find-source.ts'
import type { Application } from '../../../src/model/application.ts'
import type { Authorization, OAuthSource } from '../../../src/model/source.ts'
import { client, plainVendor } from '../../oauth/support.ts'

const us = { key: 'us', label: 'United States' }
const eu = { key: 'eu', label: 'Europe' }
const at = (vendor: string, more: Partial<Authorization> = {}): Authorization => ({
  ...plainVendor,
  vendor,
  ...more,
})

const source: OAuthSource = {
  id: 99,
  key: 'acme',
  name: 'Acme',
  description: 'Steps.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    at('test-eu', { environment: 'sandbox', region: eu }),
    at('us', { region: us, environment: 'production' }),
    at('eu', { region: eu }),
    at('us-old', { region: us, status: 'ended' }),
    at('test-us', { environment: 'sandbox', region: us }),
    at('everywhere'),
  ],
}

const chosen = (...vendors: readonly string[]) => {
  const clients = new Map(vendors.map((vendor) => [vendor, { ...client, vendor, clientId: `${vendor}-id` }]))
  // Nothing else of an application is looked at for a source of this kind.
  const availability = availabilityOf(source, { clients } as unknown as Application)
  if (availability.kind === 'unavailable') return availability.reason
  assert.ok(availability.by === 'authorization')
  assert.equal(availability.client.clientId, `${availability.authorization.vendor}-id`)
  for (const one of availability.regions) assert.equal(one.client.clientId, `${one.authorization.vendor}-id`)
  return [
    availability.authorization.vendor,
    ...availability.regions.map(({ authorization }) => authorization.vendor),
  ]
}

describe('the authorization of a source that an application uses', () => {
  const cases: readonly [what: string, clients: readonly string[], expected: string | readonly string[]][] = [
    ['is none without a client', [], 'no_client'],
    ['is none with a client for something else', ['another'], 'no_client'],
    ['is the one that there is a client for', ['everywhere'], ['everywhere']],
    ['is the first that there is a client for', ['everywhere', 'us'], ['us']],
    ['is a test system when there is nothing else', ['test-us'], ['test-us']],
    ['is the first test system when there is nothing else', ['test-us', 'test-eu'], ['test-eu']],
    ['is no test system beside a real one, wherever that stands', ['test-eu', 'everywhere'], ['everywhere']],
    ['is to be chosen among regions', ['us', 'eu'], ['us', 'us', 'eu']],
    [
      'is to be chosen among regions, test systems not among them',
      ['us', 'eu', 'test-us', 'test-eu'],
      ['us', 'us', 'eu'],
    ],
    ['is not to be chosen where one region is left', ['eu', 'test-us'], ['eu']],
    ['is the first of a region that has two', ['us', 'us-old', 'eu'], ['us', 'us', 'eu']],
    ['is not to be chosen between two of one region', ['us', 'us-old'], ['us']],
    ['is an ended one that alone has a client', ['us-old'], ['us-old']],
  ]
  for (const [what, clients, expected] of cases)
    test(what, () => assert.deepEqual(chosen(...clients), expected))
})
