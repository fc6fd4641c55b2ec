import { type AnyAuthorization, isOAuth2, type Source } from '../model/source.ts'
import type { ServedSandbox } from '../sandbox/index.ts'

/** A registration at a sandbox vendor, with what the vendor hands out beside it. */
interface Registered {
  readonly vendor: string
  readonly clientId: string
  readonly clientSecret: string
  readonly extras: Readonly<Record<string, string>>
}

/** What our own API tells of an address, as far as it is needed here. */
interface DataSources {
  readonly data: readonly {
    readonly authorizations: readonly {
      readonly vendor: string
      readonly notifications: { readonly uri: string; readonly verifyToken: string } | null
    }[]
  }[]
}

/**
 * Enters the addresses for notifications at the sandbox vendors, as an operator would at the real ones: what somebody does
 * at a vendor's page shows here then. Where a vendor is subscribed to by a call, the service does that itself.
 */
export async function enterAddresses(
  sources: ReadonlyMap<number, Source>,
  sandbox: Pick<ServedSandbox, 'control'>,
  clients: readonly Registered[],
  api: { readonly url: string; readonly key: string },
): Promise<void> {
  const answer = await fetch(`${api.url}/v1/data-sources`, {
    headers: { authorization: `Bearer ${api.key}` },
  })
  const { data } = (await answer.json()) as DataSources // our own API's answer
  const addresses = new Map(
    data.flatMap(({ authorizations }) => authorizations.map((one) => [one.vendor, one.notifications])),
  )
  const authorizations = [...sources.values()].flatMap((source) =>
    source.kind === 'oauth2' ? source.authorizations.filter(isOAuth2) : [],
  )
  for (const authorization of authorizations) {
    const address = addresses.get(authorization.vendor)
    const client = clients.find(({ vendor }) => vendor === authorization.vendor)
    if (!address || client === undefined) continue
    const words = wordsOf(authorization, client, address.verifyToken)
    if (words === null) continue
    await sandbox.control.registerNotifications(authorization.vendor, {
      url: address.uri,
      clientId: client.clientId,
      ...words,
    })
  }
}

/** What the vendor is told, or tells; null where it tells it to the service alone. */
function wordsOf({ notifications }: AnyAuthorization, client: Registered, verifyToken: string) {
  if (notifications === undefined) return null
  const { handshake, authentication } = notifications
  const fill = (template: string): string =>
    template
      .replace('{verifyToken}', verifyToken)
      .replace('{clientId}', client.clientId)
      .replace('{clientSecret}', client.clientSecret)
      .replace(/\{client\.(\w+)\}/, (_, name: string) => client.extras[name] ?? '')
  const code = { verifyToken: handshake.kind === 'code' ? fill(handshake.code) : verifyToken }
  if (authentication.kind === 'none') return code
  const template = authentication.kind === 'signature' ? authentication.key : authentication.value
  return template.includes('{signingSecret}') ? null : { ...code, secret: fill(template) }
}
