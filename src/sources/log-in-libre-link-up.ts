import { createHash } from 'node:crypto'
import { z } from 'zod'
import { secret } from '../model/secret.ts'
import type { CredentialsSource } from '../model/source.ts'
import {
  type Grant,
  type LogInAnswer,
  type LogInHook,
  type LogInRefusal,
  readJsonObject,
  requireAvailable,
  type VendorContext,
  VendorError,
} from '../oauth/index.ts'

/** The global host sends an account to its region; a region never sends it further. */
const REDIRECTS = 1

/** `eu`, `eu2`, `la`: nothing that could make another host of the address. */
const REGION = /^[a-z]{2}[a-z0-9]{0,2}$/

/** Every member that is looked at, each with its type; the status says which of them are there. */
const answerSchema = z.object({
  status: z.int(),
  data: z
    .object({
      redirect: z.boolean().optional(),
      region: z.string().optional(),
      step: z.object({ type: z.string() }).optional(),
      user: z.object({ id: z.string().optional() }).optional(),
      authTicket: z.object({ token: z.string(), expires: z.number() }).optional(),
      message: z.string().optional(),
    })
    .optional(),
})

type Answer = z.infer<typeof answerSchema>

/** A log-in that was refused, in the vendor's numbers. */
const STATUS_WRONG = 2
const STATUS_STEP = 4
const STATUS_LOCKED = 429
/** Steps that wait for the person to accept a document: terms of use, privacy policy. */
const DOCUMENT_STEPS: readonly string[] = ['tou', 'pp']

/**
 * Logs in at LibreLinkUp (nightscout-librelink-up and pylibrelinkup, 2026-11-22): first at the global host, which may name
 * the account's region. Terms are never accepted here: that is the person's to do, in the vendor's app.
 */
export const logInLibreLinkUp: LogInHook = async (context, source, { loginName, password }) => {
  const body = JSON.stringify({ email: loginName, password: password.reveal() })
  let region: string | null = null
  for (let redirects = 0; ; redirects++) {
    const answer = await ask(context, source, addressOf(source, region), body)
    const next = redirectOf(answer)
    if (next === null) return read(answer, region)
    if (redirects === REDIRECTS) throw new VendorError('malformed', 'redirect')
    region = next
  }
}

function addressOf({ endpoints }: CredentialsSource, region: string | null): string {
  const address =
    region === null ? endpoints['logIn'] : endpoints['regionalLogIn']?.replace('{region}', region)
  if (address === undefined) throw new TypeError('the definition has no address for the log-in')
  return address
}

async function ask(
  context: VendorContext,
  { vendor, headers }: CredentialsSource,
  address: string,
  body: string,
): Promise<Answer> {
  const response = await context.fetch(address, {
    vendor,
    method: 'POST',
    headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
    body,
  })
  // The lock of one account comes with 429 and a body that says so; without it, the vendor refuses us all.
  if (response.status === STATUS_LOCKED) {
    const answer = await readAnswer(response.clone()).catch(() => null)
    if (answer?.status === STATUS_LOCKED) return answer
  }
  requireAvailable(response, context.now())
  if (response.status === 401) return { status: STATUS_WRONG }
  if (!response.ok) throw new VendorError('rejected', 'http_status', { status: response.status })
  return readAnswer(response)
}

async function readAnswer(response: Response): Promise<Answer> {
  const parsed = answerSchema.safeParse(await readJsonObject(response))
  if (!parsed.success) throw new VendorError('malformed', 'not_conform')
  return parsed.data
}

function redirectOf({ data }: Answer): string | null {
  if (data?.redirect !== true) return null
  if (data.region === undefined || !REGION.test(data.region)) throw new VendorError('malformed', 'redirect')
  return data.region
}

function read(answer: Answer, region: string | null): LogInAnswer {
  const { status, data } = answer
  // A step comes with a ticket that is good for that step alone.
  if (status === STATUS_STEP || data?.step !== undefined)
    return refused(DOCUMENT_STEPS.includes(data?.step?.type ?? '') ? 'terms' : 'extra_step')
  if (status === STATUS_WRONG) return refused('wrong_password')
  if (status === STATUS_LOCKED) return refused('locked')
  if (status !== 0) throw new VendorError('rejected', 'envelope_status', { status })
  return { kind: 'granted', grant: grantOf(answer, region) }
}

const refused = (reason: LogInRefusal): LogInAnswer => ({ kind: 'refused', reason })

/** Visible ASCII: nothing that could split a header. */
const TOKEN = /^[\x21-\x7e]{1,8192}$/
const ACCOUNT_ID = /^[\x21-\x7e]{1,256}$/
const MAX_EXPIRY_SECONDS = 1e11

function grantOf({ data }: Answer, region: string | null): Grant {
  const { token = '', expires = 0 } = data?.authTicket ?? {}
  const accountId = data?.user?.id ?? ''
  if (!TOKEN.test(token)) throw new VendorError('malformed', 'access_token')
  if (!ACCOUNT_ID.test(accountId)) throw new VendorError('malformed', 'account_id')
  if (!Number.isSafeInteger(expires) || expires <= 0 || expires > MAX_EXPIRY_SECONDS)
    throw new VendorError('malformed', 'expires_in')
  return Object.freeze({
    accountId,
    tokens: Object.freeze({
      accessToken: secret(token),
      refreshToken: null,
      tokenType: 'bearer',
      extras: Object.freeze({
        ...(region === null ? {} : { region }),
        // Every call with the token wants it in the header `account-id`.
        accountIdHash: createHash('sha256').update(accountId).digest('hex'),
      }),
    }),
    accessExpiresAt: expires * 1000,
    refreshExpiresAt: null,
    grantedScopes: [],
    missingScopes: [],
  })
}
