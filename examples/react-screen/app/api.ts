import type { Mine, Offered, Outcome } from '../backend.ts'

/** Asks our own backend. Rejects with a sentence for people. */
async function ask<Answer>(call: string, body: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  const response = await fetch(`/api/${call}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${call} was answered with ${response.status}.`)
  return (await response.json()) as Answer // our own backend's, typed there
}

/** Who is signed in; null for nobody. */
export const readMe = (): Promise<{ readonly name: string } | null> => ask('me')
export const signIn = (person: string): Promise<unknown> => ask('sign-in', { person })
export const signOut = (): Promise<unknown> => ask('sign-out')
export const readOffered = (): Promise<readonly Offered[]> => ask('offered')
export const readConnected = (): Promise<readonly Mine[]> => ask('connected')
export const readLink = (dataSource: number): Promise<string> => ask('link', { dataSource })
export const disconnect = (dataSource: number): Promise<unknown> => ask('disconnect', { dataSource })
export const redeem = (code: string): Promise<Outcome> => ask('redeem', { code })
