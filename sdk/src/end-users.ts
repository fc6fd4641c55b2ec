import { type EndUser, parseEndUserId, parseEndUsers } from './answers.ts'
import {
  checkDate,
  checkDeletionDate,
  checkEndUserId,
  checkLocale,
  checkPartnerUserId,
  checkPositive,
} from './arguments.ts'
import { invalidArgument } from './errors.ts'
import { type Ask, type CallOptions, form, json } from './request.ts'
import type { Gender, UserInformationUpdate } from './types.ts'

/** New values for an end user; what is left out stays. */
export interface EndUserChanges {
  readonly endUserId: string
  readonly heightCm?: number
  readonly weightKg?: number
  /** `YYYY-MM-DD` */
  readonly birthdate?: string
  readonly gender?: Gender
}

/** The calls about end users (contract §2). Each rejects with a `SpringbarError` and nothing else. */
export interface EndUserCalls {
  /**
   * Creates an end user, or finds the one with this alias again; gives the end user's id.
   * Without an alias it is a new one each time.
   */
  createEndUser(
    endUser?: { readonly partnerUserId?: string; readonly language?: string },
    options?: CallOptions,
  ): Promise<string>
  /** Reads end users and what each has connected, in the order of the ids, each once. At most 100 in one call. */
  readEndUsers(endUserIds: readonly string[], options?: CallOptions): Promise<readonly EndUser[]>
  /** Stores what is given about an end user. */
  updateEndUser(changes: EndUserChanges, options?: CallOptions): Promise<void>
  /** Queues an end user for deletion, by default in seven days; sessions end at once. */
  deleteEndUser(
    endUser: { readonly endUserId: string; readonly deletionDate?: string },
    options?: CallOptions,
  ): Promise<void>
}

/** What the service accepts about a person. */
const HEIGHT_MAX_CM = 300
const WEIGHT_MAX_KG = 1_000

/** Makes the calls about end users. */
export function endUserCalls(ask: Ask, apiUrl: string): EndUserCalls {
  const url = `${apiUrl}/v5/userInformation`
  return {
    async createEndUser(endUser = {}, { signal } = {}) {
      const body = new URLSearchParams()
      if (endUser.partnerUserId !== undefined)
        body.set('partnerUserID', checkPartnerUserId(endUser.partnerUserId))
      if (endUser.language !== undefined) body.set('language', checkLocale(endUser.language))
      const answer = await ask('create an end user', 200, {
        method: 'POST',
        url: `${apiUrl}/v5/accessToken`,
        ...form(body),
        signal,
      })
      return parseEndUserId(answer.text)
    },

    async readEndUsers(endUserIds, { signal } = {}) {
      const asked = [...new Set(endUserIds.map(checkEndUserId))]
      if (asked.length === 0) return []
      const body = new URLSearchParams({ authenticationToken: asked.join(',') })
      const answer = await ask('read end users', 200, { method: 'POST', url, ...form(body), signal })
      return parseEndUsers(answer.text, asked)
    },

    async updateEndUser(changes, { signal } = {}) {
      const { headers, body } = json(wireUpdate(changes))
      const withId = { ...headers, authenticationToken: checkEndUserId(changes.endUserId) }
      await ask('update an end user', 204, { method: 'PUT', url, headers: withId, body, signal })
    },

    async deleteEndUser({ endUserId, deletionDate }, { signal } = {}) {
      const body = new URLSearchParams({ authenticationToken: checkEndUserId(endUserId) })
      if (deletionDate !== undefined) body.set('deletionDate', checkDeletionDate(deletionDate))
      await ask('delete an end user', 204, { method: 'DELETE', url, ...form(body), signal })
    },
  }
}

function wireUpdate(changes: EndUserChanges): UserInformationUpdate {
  const { heightCm, weightKg, birthdate, gender } = changes
  if (gender !== undefined && !['male', 'female', 'genderless'].includes(gender))
    throw invalidArgument('gender must be male, female or genderless.')
  return {
    ...(heightCm === undefined ? {} : { height: checkPositive('heightCm', heightCm, HEIGHT_MAX_CM) }),
    ...(weightKg === undefined ? {} : { weight: checkPositive('weightKg', weightKg, WEIGHT_MAX_KG) }),
    ...(birthdate === undefined ? {} : { birthdate: checkDate(birthdate) }),
    ...(gender === undefined ? {} : { gender }),
  }
}
