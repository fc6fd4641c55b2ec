// A person and an application's backend at a try-out that runs: its API, and the start of a trip.
import assert from 'node:assert/strict'

/** Calls of our own API with the try-out's key. */
export const apiOf = (service: string) => async (target: string, body: unknown) => {
  const response = await fetch(`${service}/v1${target}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sbk_demo', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert.ok(response.ok, `${target}: ${response.status}`)
  return (await response.json()) as { id: string; token: string } // our own API's answer
}

/** The end user of this alias follows a link: who it is, where they are sent, and the cookie of their browser. */
export async function startTrip(service: string, dataSource: number, partnerUserId: string) {
  const post = apiOf(service)
  const { id: endUserId } = await post('/users', { partnerUserId })
  const { token } = await post('/sessions', { endUserId })
  const query = new URLSearchParams({ token, dataSource: String(dataSource) })
  const started = await fetch(`${service}/dataSourceDirectConnection.html?${query}`, { redirect: 'manual' })
  const cookie = started.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  return { endUserId, location: started.headers.get('location') ?? '', cookie }
}
