// The vendors of a world and the network between them and the service: what went over it is kept, and it can be cut,
// or held up while something else happens.

import { isOAuth2 } from '../../src/model/source.ts'
import {
  createSandbox,
  OAUTH1_VENDORS,
  type Sandbox,
  type VENDORS,
  vendorFor,
} from '../../src/sandbox/index.ts'
import { sources } from '../../src/sources/index.ts'

/** One request of the service to a vendor, with what came back. */
export interface VendorExchange {
  /** As at the real vendor. */
  readonly url: string
  readonly authorization: string
  readonly headers: Headers
  readonly body: string
  readonly answer: string
}

/** What lies between the service and the vendors. */
export interface VendorNetwork {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Oldest first. */
  readonly exchanges: readonly VendorExchange[]
  /** While false, no vendor can be reached. */
  readonly setReachable: (reachable: boolean) => void
  /** Runs something once, after a vendor answered a request to a URL with this part and before the service hears it. */
  readonly beforeAnswerOf: (urlPart: string, run: () => Promise<unknown>) => void
}

/** More than any test file needs, so that people of different tests never share an account. */
const PEOPLE = 300
const NUMBERS_FROM = 70_000_000

/** The key of the account that one person has at every vendor. */
export const accountKey = (person: number): string => `person-${person}`

type DemoAccount = (typeof VENDORS)[number]['accounts'][number]

/** The vendors of the sandbox, where besides its three demo people many others have accounts. */
const populate = <One extends { readonly key: string; readonly accounts: readonly DemoAccount[] }>(
  vendor: One,
): One => {
  const [model] = vendor.accounts
  if (model === undefined) throw new Error(`${vendor.key} has no account to copy`)
  const others = Array.from({ length: PEOPLE }, (_, person) => ({
    ...model,
    key: accountKey(person + 1),
    name: `Person ${person + 1}`,
    subject: String(NUMBERS_FROM + person + 1),
  }))
  return { ...vendor, accounts: [...vendor.accounts, ...others] }
}

/** Every authorization that can be connected by OAuth. */
export const authorizations = [...sources.values()].flatMap((source) =>
  source.kind === 'oauth2' ? source.authorizations : [],
)

const populated = authorizations.filter(isOAuth2).map(vendorFor).map(populate)
const populatedOAuth1 = OAUTH1_VENDORS.map(populate)

/** A sandbox in which the service is registered at every vendor. */
export function createVendors(options: {
  readonly now: () => number
  readonly random: (byteLength: number) => Uint8Array
  readonly publicUrl: string
  readonly origin: string
  /** Takes what vendors tell the service. */
  readonly tell: (url: string, init: RequestInit) => Promise<Response>
}): Sandbox {
  return createSandbox({
    now: options.now,
    random: options.random,
    vendors: populated,
    oauth1Vendors: populatedOAuth1,
    clients: [...populated, ...populatedOAuth1].map(({ key }) => ({
      vendor: key,
      clientId: `${key}-client`,
      clientSecret: `${key}-client-secret`,
      redirectUris: [`${options.publicUrl}/callback/${key}`],
    })),
    publicOrigin: options.origin,
    fetch: options.tell,
    notificationOrigins: [options.publicUrl],
    switches: { withings: { allowLocalhost: true } },
  })
}

/** Connects a service to the sandbox at `origin`, without sockets. */
export function createNetwork(sandbox: Sandbox, origin: string): VendorNetwork {
  const exchanges: VendorExchange[] = []
  const waiting: { urlPart: string; run: () => Promise<unknown> }[] = []
  let isReachable = true

  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    // What the platform's own fetch rejects with.
    if (!isReachable)
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
      })
    const response = await sandbox.app.request(url.slice(origin.length), init)
    exchanges.push({
      url: `https://${url.slice(origin.length + 1)}`,
      authorization: new Headers(init.headers).get('authorization') ?? '',
      headers: new Headers(init.headers),
      body: String(init.body ?? ''),
      answer: await response.clone().text(),
    })
    const at = waiting.findIndex(({ urlPart }) => url.includes(urlPart))
    for (const { run } of at === -1 ? [] : waiting.splice(at, 1)) await run()
    return response
  }

  return {
    fetch,
    exchanges,
    setReachable: (reachable) => {
      isReachable = reachable
    },
    beforeAnswerOf: (urlPart, run) => void waiting.push({ urlPart, run }),
  }
}
