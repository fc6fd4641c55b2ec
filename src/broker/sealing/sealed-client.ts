import { z } from 'zod'
import { type Secret, secret } from '../../model/secret.ts'
import type { StoredClient } from '../../model/stored-client.ts'
import type { Context } from '../context.ts'
import { clientSecretsPlace } from './sealed-places.ts'

/** What of a client is sealed. */
export interface ClientSecrets {
  readonly clientSecret: Secret
  readonly extras: ReadonlyMap<string, Secret>
}

/** The row that the secrets belong to; sealed for one, they open in no other. */
type Row = Pick<StoredClient, 'applicationId' | 'vendor'>

const contents = z.object({ clientSecret: z.string(), extras: z.record(z.string(), z.string()) })

/** Seals the secrets of one client. */
export function sealClient({ vault }: Pick<Context, 'vault'>, row: Row, secrets: ClientSecrets): string {
  const extras = [...secrets.extras].map(([name, value]) => [name, value.reveal()])
  const text = JSON.stringify({
    clientSecret: secrets.clientSecret.reveal(),
    extras: Object.fromEntries(extras),
  })
  return vault.seal(text, clientSecretsPlace(row))
}

/** Opens what {@link sealClient} sealed. Throws a `VaultError` when it was altered, moved, or its key is gone. */
export function openClient(
  { vault }: Pick<Context, 'vault'>,
  row: Row & Pick<StoredClient, 'sealedSecrets'>,
): ClientSecrets {
  const { clientSecret, extras } = contents.parse(
    JSON.parse(vault.open(row.sealedSecrets, clientSecretsPlace(row))),
  )
  return {
    clientSecret: secret(clientSecret),
    extras: new Map(Object.entries(extras).map(([name, value]) => [name, secret(value)])),
  }
}
