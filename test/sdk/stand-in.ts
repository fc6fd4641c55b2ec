import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import {
  createSpringbarClient,
  type SpringbarClient,
  type SpringbarClientOptions,
  SpringbarError,
} from '@springbar/sdk'

/** One request as the stand-in saw it. Header names are lower-case. */
export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly redirect: RequestRedirect
}

/** A client whose `fetch` answers from a list, and what it was asked. */
export function clientAnswering(
  answers: readonly (Response | Error)[],
  options: Partial<SpringbarClientOptions> = {},
): { readonly client: SpringbarClient; readonly seen: readonly SeenRequest[] } {
  const seen: SeenRequest[] = []
  const left = [...answers]
  const client = createSpringbarClient({
    apiUrl: 'https://api.example.org',
    username: 'demo',
    password: 'pa:ss wörd',
    applicationId: 'demo-app',
    applicationSecret: 'demo-secret',
    retries: 0,
    fetch: async (url, init) => {
      const request = new Request(url, init)
      seen.push({
        method: request.method,
        url,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
        redirect: request.redirect,
      })
      const answer = left.shift()
      assert.ok(answer, `an unexpected call: ${request.method} ${url}`)
      if (answer instanceof Error) throw answer
      return answer
    },
    ...options,
  })
  return { client, seen }
}

/** The two credentials of {@link clientAnswering}, worked out by hand with `base64`. */
export const CREDENTIALS = Object.freeze({
  authorization: 'Basic ZGVtbzpwYTpzcyB3w7ZyZA==',
  appauthorization: 'Basic ZGVtby1hcHA6ZGVtby1zZWNyZXQ=',
})

export const END_USER_ID = '0f3c9a5e7b1d42868ac0e4f2b6d8135a'
export const TOKEN = '1734509912X5520184477301926645'
export const WIDGET_URL = `https://connect.example.org/?connectionSessionToken=${TOKEN}&platform=web&lang=de`

/** The error of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<SpringbarError> {
  const error = await call.then(
    () => assert.fail('the call must fail'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof SpringbarError, inspect(error))
  return error
}
