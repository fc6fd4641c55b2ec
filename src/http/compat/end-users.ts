import type { Context } from 'hono'
import { z } from 'zod'
import { createEndUser } from '../../broker/end-users/create-end-user.ts'
import { queueEndUserDeletion } from '../../broker/end-users/queue-end-user-deletion.ts'
import { type EndUserWithConnections, readEndUsers } from '../../broker/end-users/read-end-users.ts'
import { updateEndUser } from '../../broker/end-users/update-end-user.ts'
import { readEndUserId } from '../../broker/require-end-user.ts'
import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Connection } from '../../model/connection.ts'
import { isLanguageTag } from '../../pages/index.ts'
import { rawQuery } from '../direct/request.ts'
import { instantInput } from '../instant.ts'
import { invalidField } from '../invalid-field.ts'
import { profileFields, toProfile } from '../profile.ts'
import { formOf, readForm, readJsonObject } from '../request-body.ts'
import { headerOf } from '../request-header.ts'
import type { Services } from '../services.ts'
import { answerJson, answerNothing, answerText, authenticate } from './answers.ts'

const ALIAS = /^[A-Za-z0-9\-_.:@+]+$/

/** `POST /v5/accessToken`: creates or gets an end user; the answer is the bare id (contract §2). */
export async function accessToken(c: Context, services: Services): Promise<Response> {
  const application = authenticate(c, services)
  const form = await readForm(c)
  const alias = form('partnerUserID') || null
  const language = form('language') || null
  if (alias !== null && (alias.length > limits.partnerUserIdCharacters || !ALIAS.test(alias)))
    throw new SpringbarError(
      'invalid_request',
      `partnerUserID has up to ${limits.partnerUserIdCharacters} of letters, digits and - _ . : @ +`,
    )
  if (language !== null && !isLanguageTag(language))
    throw new SpringbarError(
      'invalid_request',
      'language is two letters, optionally with a script or region.',
    )
  const endUser = await createEndUser(services.context, application, { alias, language })
  return answerText(services, endUser.id)
}

/** `POST /v5/userInformation`: end users by their ids, in the order asked for. */
export async function readUserInformation(c: Context, services: Services): Promise<Response> {
  const application = authenticate(c, services)
  const form = await readForm(c)
  const ids = (form('authenticationToken') ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (ids.length === 0) throw new SpringbarError('invalid_request', 'authenticationToken is missing.')
  if (ids.length > limits.endUserIdsPerCall)
    throw new SpringbarError('invalid_request', `At most ${limits.endUserIdsPerCall} ids in one call.`)
  const found = await readEndUsers(services.context, application, ids.map(readEndUserId))
  return answerJson(services, found.map(userInformation))
}

const userInformation = ({ endUser, connections }: EndUserWithConnections) => ({
  authenticationToken: endUser.id,
  partnerUserID: endUser.alias,
  height: endUser.heightCm,
  weight: endUser.weightKg,
  birthdate: endUser.birthdate,
  gender: endUser.gender,
  connectedSources: connectedSources(connections),
  devices: [],
})

/** Each source once, whatever number of its accounts is connected: programs look sources up by their id. */
function connectedSources(connections: readonly Connection[]) {
  const found = new Map<number, { dataSource: number; connectedAt: string; dataScopes: readonly string[] }>()
  for (const { status, sourceId, connectedAt, grantedScopes } of connections) {
    if (status === 'disconnected') continue
    const first = found.get(sourceId)
    if (first !== undefined) first.dataScopes = [...new Set([...first.dataScopes, ...grantedScopes])]
    else
      found.set(sourceId, {
        dataSource: sourceId,
        connectedAt: new Date(connectedAt).toISOString(),
        dataScopes: grantedScopes,
      })
  }
  return [...found.values()]
}

const profileBody = z.object({ ...profileFields })

/** `PUT /v5/userInformation`: changes the fields that are there; null forgets one. */
export async function updateUserInformation(c: Context, services: Services): Promise<Response> {
  const application = authenticate(c, services)
  const id = headerOf(c, 'authenticationtoken')
  if (id === undefined)
    throw new SpringbarError('invalid_request', 'The authenticationToken header is missing.')
  const parsed = profileBody.safeParse(await readJsonObject(c))
  if (!parsed.success) throw invalidField(parsed.error)
  await updateEndUser(services.context, application, readEndUserId(id), toProfile(parsed.data))
  return answerNothing(services)
}

/** `DELETE /v5/userInformation`: queues the erasure; its parameters stand in the body or in the query. */
export async function deleteUserInformation(c: Context, services: Services): Promise<Response> {
  const application = authenticate(c, services)
  const [body, query] = [await readForm(c), formOf(rawQuery(c))]
  const either = (name: string): string | null => {
    const [one, other] = [body(name), query(name)]
    if (one !== null && other !== null && one !== other)
      throw new SpringbarError(
        'invalid_request',
        `${name} is one thing in the body and another in the query.`,
      )
    return one ?? other
  }
  const id = either('authenticationToken')
  if (id === null) throw new SpringbarError('invalid_request', 'authenticationToken is missing.')
  await queueEndUserDeletion(
    services.context,
    application,
    readEndUserId(id),
    readDeletionDate(either('deletionDate')),
  )
  return answerNothing(services)
}

function readDeletionDate(value: string | null): number | null {
  if (value === null || value === '') return null
  const parsed = z.object({ deletionDate: instantInput }).safeParse({ deletionDate: value })
  if (!parsed.success) throw invalidField(parsed.error)
  return Date.parse(parsed.data.deletionDate)
}
