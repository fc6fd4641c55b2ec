import type { Client } from '../model/application.ts'

/** What only the vendor and we know of one address. */
export interface NotificationSecrets {
  /** Ours, told to the vendor when the address is. */
  readonly verifyToken: string
  /** What the vendor said it signs with; null where it has not, or uses what it gave with the client. */
  readonly signingSecret: string | null
}

const PLACEHOLDER = /\{([^{}]*)\}/g

/** The secret of a template; null while a part of it is not known. */
export function notificationSecret(
  template: string,
  client: Client,
  { verifyToken, signingSecret }: NotificationSecrets,
): string | null {
  let isWhole = true
  const text = template.replace(PLACEHOLDER, (_, name: string) => {
    const value = known(name)
    isWhole &&= value !== undefined && value !== ''
    return value ?? ''
  })
  return isWhole ? text : null

  function known(name: string): string | undefined {
    switch (name) {
      case 'clientId':
        return client.clientId
      case 'clientSecret':
        return client.clientSecret.reveal()
      case 'verifyToken':
        return verifyToken
      case 'signingSecret':
        return signingSecret ?? undefined
      default:
        return client.extras.get(name.replace(/^client\./, ''))?.reveal()
    }
  }
}
