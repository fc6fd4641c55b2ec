// Every secret that a full run of the service handles, gathered from outside, so that a test can look for them in
// places where none may be.
import assert from 'node:assert/strict'
import { backendOf, link, locationOf, newPerson, toldAfter } from './person.ts'
import { APP_A, SERVICE, type World } from './world.ts'

/** Secrets by what they are. */
export type Secrets = ReadonlyMap<string, readonly string[]>

const TOKENS = /"(?:access_token|refresh_token)":"([^"]+)"/g

/**
 * Uses everything once: connects every source, cancels, fails, is refused, disconnects with and without a question,
 * redeems a result, deletes; with a browser's cookies and a backend's credentials. Gives the secrets that took part.
 */
export async function useEverything(world: World): Promise<Secrets> {
  const found = new Map<string, string[]>()
  const note = (kind: string, ...values: readonly (string | null | undefined)[]) => {
    const known = found.get(kind) ?? []
    known.push(...values.filter((value): value is string => typeof value === 'string' && value !== ''))
    found.set(kind, known)
  }
  note('credentials', 'a-password', 'app-a-secret', 'sbk_app-a', 'app-a-legacy-secret', 'sbk_app-a-legacy')
  note('client secrets', 'strava-client-secret', 'withings-client-secret', 'google-health-client-secret')

  for (const [application, source, redirectUri] of [
    ['app-a', 11, APP_A],
    ['app-a', 8, APP_A],
    ['app-a', 1, APP_A],
    ['app-a-legacy', 1, 'https://legacy.example.com/done'],
  ] as const) {
    const backend = backendOf(world, application)
    const { endUserId, token } = await backend.newSession()
    note('session tokens', token.split('X')[1], token)
    const person = newPerson(world)
    const visit = async (choice: Parameters<typeof person.consent>[1] = {}) => {
      const callback = await person.consent(
        link('Connection', token, source, { redirect_uri: redirectUri }),
        choice,
      )
      const { searchParams } = new URL(callback)
      note('states', searchParams.get('state'), searchParams.get('state')?.slice(10))
      note('codes', searchParams.get('code'))
      for (const value of person.cookies.values()) note('cookies', value.split('.')[0])
      return callback
    }
    const told = await toldAfter(person, await person.get(await visit()))
    note('result codes', told.result, told.result.split('-').slice(1).join('-'))
    assert.equal((await backend.api('POST', `/results/${told.result}`)).status, 200)
    await person.get(await visit({ decision: 'cancel' }))
    await person.get(await visit({ trouble: 'token-500' }))
    const strangers = await visit()
    assert.equal((await newPerson(world).get(strangers)).status, 409)
    await person.get(`${SERVICE}/callback/strava?code=made-up&state=made-up`)
    await person.get(link('Connection', token, source, { redirect_uri: 'https://evil.example' }))
    await person.get(link('Connection', token, 'unknown'))
    await person.get(`/?connectionSessionToken=${token}`)

    const question = await (await person.get(link('Revoke', token, source))).text()
    note('form proofs', /name="proof" value="([^"]+)"/.exec(question)?.[1])
    const disconnected = await person.get(
      link('Revoke', token, source, { direct: 'true', redirect_uri: redirectUri }),
    )
    await person.get(locationOf(disconnected).href)
    await person.get(await visit())
    await backend.api('DELETE', `/users/${endUserId}?deletionDate=${new Date(world.now()).toISOString()}`)
    await backend.api('POST', `/results/${told.result}x`)
    await backend.api('GET', `/users/${token}`)
    await backend.api('GET', `/${token}`)
  }
  // A vendor that is down while grants are to be ended, then is back.
  world.network.setReachable(false)
  await world.sweep()
  world.network.setReachable(true)
  for (const { body, authorization, answer } of world.network.exchanges) {
    note('vendor tokens', ...[...answer.matchAll(TOKENS)].map(([, value]) => value))
    note('verifiers', new URLSearchParams(body).get('code_verifier'))
    if (authorization !== '') note('client credentials', authorization.split(' ')[1])
  }
  return found
}
