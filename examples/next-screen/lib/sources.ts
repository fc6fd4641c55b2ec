import 'server-only'
import { SpringbarError } from '@springbar/sdk'
import type { Message, Source } from '@/lib/screen-types.ts'
import type { Person } from '@/lib/session.ts'
import { publicUrl, springbar } from '@/lib/springbar.ts'

/** The alias makes this repeatable: the same person is the same end user, also after a restart. */
const endUserIdOf = async ({ partnerUserId }: Person): Promise<string> =>
  (await springbar.createUser({ partnerUserId })).id

async function livingConnections(person: Person) {
  const connections = await springbar.listConnections({ endUserId: await endUserIdOf(person) })
  return connections.filter(({ status }) => status !== 'disconnected')
}

const stateOf = (status: string) => (status === 'active' ? 'active' : 'needs_reauth')

/** Every source that people connect at the vendor's pages, and how it stands with this person. Theirs come first. */
export async function readSources(person: Person): Promise<readonly Source[]> {
  const [catalogue, connections] = await Promise.all([springbar.readDataSources(), livingConnections(person)])
  return catalogue
    .flatMap(({ id, name, description, logo, connectable, kind }): Source[] => {
      const connection = connections.find(({ dataSource }) => dataSource === id)
      if (connection === undefined && !(connectable && kind === 'oauth2')) return []
      const state = connection === undefined ? 'none' : stateOf(connection.status)
      return [{ id, name, description, logo, state }]
    })
    .sort((one, other) => Number(one.state === 'none') - Number(other.state === 'none'))
}

/** A link for this person alone. A session at each press of a button: it lives for an hour, a page for longer. */
export async function linkFor(person: Person, dataSource: number): Promise<string> {
  const session = await springbar.createSession({
    endUserId: await endUserIdOf(person),
    allowedSources: [dataSource],
    redirectUri: `${publicUrl}/connected`,
    label: person.name,
  })
  const link = session.links.find((one) => one.dataSource === dataSource)
  if (link === undefined) throw new Error('This source has no link.')
  return link.connectUrl
}

/** Ends a connection, here and at the vendor. */
export async function endConnection(person: Person, dataSource: number): Promise<void> {
  const connection = (await livingConnections(person)).find((one) => one.dataSource === dataSource)
  if (connection !== undefined) await springbar.deleteConnection(connection.id)
}

/**
 * What to say when somebody is back. Anybody can write a query: what happened, Springbar tells for the code in it, and only
 * when it is the outcome of the person who is logged in.
 */
export async function describeReturn(person: Person, code: string | undefined): Promise<Message> {
  if (code === undefined) return NOT_YOURS
  try {
    const result = await springbar.redeemResult({ code, endUserId: await endUserIdOf(person) })
    const { dataSource, succeeded, error, reference } = result
    const name = dataSource === null ? 'This source' : (await springbar.readDataSource({ dataSource })).name
    if (succeeded)
      return { tone: 'good', title: `${name} is connected`, text: 'New data arrives from now on.' }
    const said = REASONS[error ?? '']
    return {
      tone: error === 'access_denied' ? 'neutral' : 'bad',
      title: said?.title.replace('{name}', name) ?? `${name} was not connected`,
      text:
        said?.text ?? `Nothing was changed. Should it stay like this, tell us this reference: ${reference}.`,
    }
  } catch (error) {
    if (error instanceof SpringbarError && ['user_mismatch', 'not_found'].includes(error.code))
      return NOT_YOURS
    throw error
  }
}

const NOT_YOURS: Message = {
  tone: 'neutral',
  title: 'Nothing was changed',
  text: 'This way back is not one of yours, or it is too old. What you see below is how things are.',
}
const TOO_LATE = { title: 'That took a little long', text: 'Start again, it takes a minute.' }
const REASONS: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  access_denied: { title: 'You cancelled', text: 'Nothing was changed.' },
  scope_missing: {
    title: '{name} needs one more tick',
    text: 'Something was left out that Tidewell cannot do without. Start again and leave the boxes ticked.',
  },
  attempt_expired: TOO_LATE,
  session_expired: TOO_LATE,
  vendor_unavailable: {
    title: '{name} did not answer',
    text: 'That is not your doing. Please try again in a few minutes.',
  },
}
