import type { Authorization } from '../../model/source.ts'
import type { JsonValue } from '../template.ts'
import type { Answer, ResourceRules, RevocationRules, StepRules } from '../vendor.ts'
import { place } from './place.ts'

/** A URL of a definition as the sandbox knows it: host and path, and the query apart. */
export function splitUrl(url: string): { readonly address: string; readonly query: URLSearchParams } {
  const [address = '', query = ''] = url.replace(/^https?:\/\//, '').split('?', 2)
  return { address, query: new URLSearchParams(query) }
}

const OK: Answer = { status: 200, body: {} }

/** What a 204 says is nothing. */
const bare = (status: number): Answer => ({ status, body: status === 204 ? null : {} })

type VendorCall = NonNullable<Authorization['afterConnect']>[number]
type RequestRevocation = Extract<Authorization['revocation'], { kind: 'request' }>

/** The names of the parameters and path pieces of a call, with their templates. */
function places(
  call: Pick<VendorCall, 'url' | 'body'>,
): readonly (readonly [name: string, template: string])[] {
  const { address, query } = splitUrl(call.url)
  const inPath = [...address.matchAll(/\{([a-zA-Z.]+)\}/g)].map(
    ([whole, name]) => [name ?? '', whole] as const,
  )
  return [...inPath, ...query, ...Object.entries(call.body?.members ?? {})]
}

function targetOf(call: RequestRevocation): RevocationRules['target'] {
  const holding = (placeholder: string) =>
    places(call).find(([, template]) => template.includes(placeholder))?.[0]
  const token = holding('{accessToken}') ?? holding('{refreshToken}')
  if (token !== undefined) return { kind: 'token', parameter: token }
  const subject = holding('{accountId}')
  const byToken = call.authentication === 'bearer' || call.authentication === 'refresh_bearer'
  return subject === undefined || byToken ? { kind: 'token' } : { kind: 'subject', parameter: subject }
}

function requestRevocation(call: RequestRevocation): RevocationRules {
  const { address } = splitUrl(call.url)
  const target = targetOf(call)
  const account = places(call).find(([, template]) => template.includes('{accountId}'))?.[0]
  const [gone] = call.goneStatuses
  return {
    url: address,
    method: call.method,
    authentication: call.authentication,
    target,
    ...(account !== undefined && target.kind === 'token' ? { accountParameter: account } : {}),
    headers: call.headers ?? {},
    reach: call.reach,
    gone: 'refusal',
    answer: bare(call.successStatuses[0] ?? 200),
    ...(gone === undefined ? {} : { refusals: goneRefusals(gone) }),
  }
}

function goneRefusals(status: number): NonNullable<RevocationRules['refusals']> {
  const answer: Answer = { status, body: { error: 'invalid_token' } }
  return { token: answer, subject: answer }
}

/** How a grant is ended. A hook's calls are code, which the sandbox learns from its own data of the vendor. */
export function revocationsOf({ revocation }: Authorization): readonly RevocationRules[] {
  if (revocation.kind === 'request') return [requestRevocation(revocation)]
  if (revocation.kind !== 'token') return []
  const [gone] = revocation.goneStatuses
  return [
    {
      url: splitUrl(revocation.endpoint).address,
      authentication: revocation.clientAuthentication,
      target: { kind: 'token', parameter: 'token' },
      reach: revocation.reach,
      gone: gone === undefined ? 'success' : 'refusal',
      answer: OK,
      ...(gone === undefined ? {} : { refusals: goneRefusals(gone) }),
    },
  ]
}

/** The calls that an access token opens: what the definition reads, and everything below its interface's address. */
export function resourcesOf({ account, permissions, api }: Authorization): readonly ResourceRules[] {
  const read = (
    operation: 'identity' | 'permissions',
    url: string,
    path: string,
    value: JsonValue,
    headers: Readonly<Record<string, string>> = {},
  ): ResourceRules => ({
    operation,
    methods: ['GET'],
    url: splitUrl(url).address,
    headers,
    scopes: [],
    answer: { status: 200, body: place({}, path, value) },
  })
  return [
    ...(account.from === 'request'
      ? [read('identity', account.url, account.path, '{subject}', account.headers)]
      : []),
    ...(permissions ? [read('permissions', permissions.url, permissions.path, '{scopes}')] : []),
    ...(api
      ? [
          {
            operation: 'data' as const,
            methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const,
            url: splitUrl(api.baseUrl).address.replace(/\/$/, ''),
            below: true,
            headers: api.headers,
            scopes: [],
            answer: { status: 200, body: { sandbox: true, account: '{subject}', data: [] } },
          },
        ]
      : []),
  ]
}

/** The steps between the exchange and the connection. */
export function stepsOf({ afterConnect = [] }: Authorization): readonly StepRules[] {
  return afterConnect.map((call) => {
    const [again] = call.doneStatuses
    const [consentMissing] = call.consentMissingStatuses
    return {
      url: splitUrl(call.url).address,
      method: call.method,
      authentication: call.authentication,
      headers: call.headers ?? {},
      members: Object.keys(call.body?.members ?? {}),
      answer: bare(call.successStatuses[0] ?? 200),
      ...(again === undefined ? {} : { againAnswer: bare(again) }),
      ...(consentMissing === undefined ? {} : { consentMissingAnswer: bare(consentMissing) }),
    }
  })
}
