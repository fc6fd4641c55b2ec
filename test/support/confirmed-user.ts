// End users of applications with bind=confirm, from the link to the word of their application.
import assert from 'node:assert/strict'
import { backendOf, link, locationOf, type Person } from './person.ts'
import { query } from './rows.ts'
import { APP_CONFIRM, VERIFY_URL, type World } from './world.ts'

/** Somebody whom an application asks to connect a source, and what its backend does and sees. */
export interface ConfirmedUser {
  readonly backend: ReturnType<typeof backendOf>
  readonly endUserId: string
  readonly token: string
  /** Says that somebody, this end user unless told otherwise, is logged in where the ticket arrived. */
  readonly confirm: (
    ticket: string,
    whose?: string,
  ) => Promise<{ readonly status: number; readonly next: string; readonly code: string | null }>
  /** The types of the end user's events in their order, with what went wrong. */
  readonly feed: () => Promise<readonly string[]>
  readonly sources: () => Promise<readonly number[]>
  /** What is held for the end user and was not thrown away. */
  readonly held: () => Promise<readonly unknown[]>
}

/** A new end user of one of the world's applications, with a session. */
export async function newConfirmedUser(world: World, application: string): Promise<ConfirmedUser> {
  const backend = backendOf(world, application)
  const { endUserId, token } = await backend.newSession()
  const rows = (sql: string) => query(world, sql, [endUserId])
  return {
    backend,
    endUserId,
    token,
    confirm: async (ticket, whose = endUserId) => {
      const answer = await backend.api('POST', '/attempts/confirm', { ticket, endUserId: whose })
      const { next, code } = (await answer.json()) as { next?: string; code?: string } // our own API's answer
      return { status: answer.status, next: next ?? '', code: code ?? null }
    },
    feed: async () =>
      (await rows('select type, detail from events where end_user_id = ? order by sequence')).map(
        ({ type, detail }) => {
          const { error } = JSON.parse(String(detail)) as { error?: string } // written by us
          return error === undefined ? String(type) : `${type} ${error}`
        },
      ),
    sources: () => backend.connectedSources(endUserId),
    held: () => rows('select attempt_id from held_grants where sealed is not null and end_user_id = ?'),
  }
}

/** The connect link of a source, with the application's own page to come back to. */
export const startOf = ({ token }: ConfirmedUser, source: number): string =>
  link('Connection', token, source, { redirect_uri: APP_CONFIRM })

/** The ticket in the address that a callback leads to. */
export function ticketOf(returned: Response): string {
  assert.equal(returned.status, 303)
  const location = returned.headers.get('location') ?? ''
  assert.ok(location.startsWith(`${VERIFY_URL}&ticket=`), location)
  return locationOf(returned).searchParams.get('ticket') ?? ''
}

/** A person goes from the link to the application's page; gives the ticket that the browser brings there. */
export const bringTicket = async (person: Person, user: ConfirmedUser, source: number): Promise<string> =>
  ticketOf(await person.connect(startOf(user, source)))

/** Our result page for the attempt of a ticket. */
export const resultOf = (ticket: string): string =>
  `/dataSourceDirectConnectionResult.html?attempt=${ticket.split('-')[0]}`

/** How each grant of a person's vendor account ended; null for one that stands. */
export const endsOf = (world: World, { account }: Person): readonly (string | null)[] =>
  world.sandbox.control
    .grants()
    .filter((grant) => grant.account === account)
    .map(({ ended }) => ended?.by ?? null)
