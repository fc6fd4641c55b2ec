// Goal: what cannot be sent is refused before anything is sent, without repeating the value.
// Method: every argument and option once in a wrong form.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSpringbarClient, SpringbarError } from '@springbar/sdk'
import { clientAnswering, END_USER_ID, failure, TOKEN } from './stand-in.ts'

describe('a wrong argument', () => {
  /** What a caller without types may pass: the cast hides from the compiler what the check has to find. */
  const untyped = <Type>(value: unknown) => value as Type
  const { client, seen } = clientAnswering([])
  const calls: readonly [name: string, call: () => Promise<unknown>][] = [
    ['an empty alias', () => client.createEndUser({ partnerUserId: '' })],
    ['an alias of 81 characters', () => client.createEndUser({ partnerUserId: 'a'.repeat(81) })],
    ['an alias with a space', () => client.createEndUser({ partnerUserId: 'a b' })],
    ['a language of one letter', () => client.createEndUser({ language: 'd' })],
    ['an id with a comma', () => client.readEndUsers(['a,b'])],
    ['an id with a line break', () => client.updateEndUser({ endUserId: 'a\r\nx: y' })],
    ['a number as id', () => client.createConnectionSession({ endUserId: untyped(7) })],
    ['a height of zero', () => client.updateEndUser({ endUserId: END_USER_ID, heightCm: 0 })],
    ['a weight that is not a number', () => client.updateEndUser({ endUserId: END_USER_ID, weightKg: NaN })],
    ['a birthdate with dots', () => client.updateEndUser({ endUserId: END_USER_ID, birthdate: '1.2.1990' })],
    ['an unknown gender', () => client.updateEndUser({ endUserId: END_USER_ID, gender: untyped('other') })],
    [
      'a deletion date in words',
      () => client.deleteEndUser({ endUserId: END_USER_ID, deletionDate: 'tomorrow' }),
    ],
    ['a source of zero', () => client.disconnectInBackground({ token: TOKEN, dataSource: 0 })],
    ['a source with a query', () => client.disconnectInBackground({ token: TOKEN, dataSource: '1&x=y' })],
  ]
  for (const [name, call] of calls) {
    it(`is refused before anything is sent: ${name}`, async () => {
      assert.equal((await failure(call())).code, 'invalid_argument')
      assert.equal(seen.length, 0)
    })
  }

  const options = {
    apiUrl: 'https://api.example.org',
    username: 'demo',
    password: 'demo',
    applicationId: 'demo-app',
    applicationSecret: 'demo-secret',
  }
  const refused: readonly Partial<typeof options & { directUrl: string; timeoutMs: number }>[] = [
    { apiUrl: 'api.example.org' },
    { apiUrl: 'ftp://api.example.org' },
    { apiUrl: 'https://demo:hunter2@api.example.org' },
    { directUrl: 'https://api.example.org/?x=y' },
    { directUrl: 'https://api.example.org/#x' },
    { username: 'de:mo' },
    { password: '' },
    { password: 'hunter2\n' },
    { applicationSecret: 'hunter2\u0000' },
    { timeoutMs: 0 },
    { timeoutMs: Number.POSITIVE_INFINITY },
  ]
  for (const wrong of refused) {
    it(`makes no client: ${JSON.stringify(wrong)}`, () => {
      assert.throws(
        () => createSpringbarClient({ ...options, ...wrong }),
        (error) =>
          error instanceof SpringbarError &&
          error.code === 'invalid_argument' &&
          !error.message.includes('hunter2'),
      )
    })
  }
})
