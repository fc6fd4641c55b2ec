/** What a source definition must keep beyond its shape: rules over several of its fields. */
import { type AnyAuthorization, isOAuth2, type Source } from './source.ts'

/** A rule that a definition breaks, and where: member names and positions with dots between. */
export interface SourceProblem {
  readonly path: string
  readonly message: string
}

/** What a template may name beside the definition's own `{client.NAME}`. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  'accountId',
  'connectionId',
  'accessToken',
  'refreshToken',
  'clientId',
  'clientSecret',
])

/** Every rule that the definition breaks; none for one that can be used. */
export function sourceProblems(source: Source): readonly SourceProblem[] {
  if (source.kind !== 'oauth2') return []
  const { authorizations } = source
  return [
    ...twice(
      authorizations.map(({ vendor }) => vendor),
      (i) => `authorizations.${i}.vendor`,
    ),
    ...authorizations.flatMap((one, i) =>
      [...problemsOf(one), ...exchangeProblems(one, authorizations)].map(({ path, message }) => ({
        path: `authorizations.${i}.${path}`,
        message,
      })),
    ),
  ]
}

function problemsOf(authorization: AnyAuthorization): SourceProblem[] {
  const { scopes } = authorization
  return [
    ...twice(
      scopes.map(({ value }) => value),
      (i) => `scopes.${i}.value`,
    ),
    ...separatorProblems(authorization),
    ...templateProblems(authorization),
    ...notificationProblems(authorization),
    ...(scopes.length > 0 && !scopes.some(({ requested, givesData }) => requested && givesData)
      ? [{ path: 'scopes', message: 'asks for no scope that gives data, so nobody could connect' }]
      : []),
    ...(isOAuth2(authorization) &&
    authorization.refresh.mode === 'none' &&
    authorization.refresh.lifetimeSeconds !== null
      ? [{ path: 'refresh.lifetimeSeconds', message: 'there is no refresh token that could live' }]
      : []),
  ]
}

/** What a grant is exchanged for is a grant of the same source, by OAuth 2.0. */
function exchangeProblems(one: AnyAuthorization, all: readonly AnyAuthorization[]): SourceProblem[] {
  if (isOAuth2(one) || one.exchange === undefined) return []
  const { vendor } = one.exchange
  return all.filter(isOAuth2).some((other) => other.vendor === vendor)
    ? []
    : [
        {
          path: 'exchange.vendor',
          message: `${vendor} is no authorization of this source that speaks OAuth 2.0`,
        },
      ]
}

/** A scope that holds the separator would be read as two. */
const separatorProblems = ({ scopes, scopeSeparator }: AnyAuthorization): SourceProblem[] =>
  scopes.flatMap(({ value }, i) =>
    value.includes(scopeSeparator)
      ? [{ path: `scopes.${i}.value`, message: 'holds the character that separates scopes' }]
      : [],
  )

/** Members that are templates, by name, wherever they stand; those below `headers` and `members` are too. */
const TEMPLATED: ReadonlySet<string> = new Set(['headers', 'members', 'url'])

function templateProblems(authorization: AnyAuthorization): SourceProblem[] {
  const fields = new Set((authorization.registration?.clientFields ?? []).map(({ name }) => `client.${name}`))
  const known = (name: string) => PLACEHOLDERS.has(name) || fields.has(name)
  const { registration: _, documentation: __, notifications: ___, ...calls } = authorization
  return templatesIn(calls, '', false).flatMap(({ path, text }) =>
    [...text.matchAll(/\{([^{}]*)\}/g)].flatMap(([, name = '']) =>
      known(name) ? [] : [{ path, message: `names {${name}}, which nothing fills` }],
    ),
  )
}

/** What the calls and secrets of notifications may name, beside the grant of a person's own subscription. */
const OF_NOTIFICATIONS: ReadonlySet<string> = new Set([
  'clientId',
  'clientSecret',
  'verifyToken',
  'signingSecret',
  'notificationUri',
  'subscriptionId',
  'topic',
  'topic.0',
  'topic.1',
])
/** Members that hold a secret's template. */
const SECRETS: ReadonlySet<string> = new Set(['token', 'code', 'key', 'value'])

function notificationProblems({ notifications, registration }: AnyAuthorization): SourceProblem[] {
  if (notifications === undefined) return []
  const fields = new Set((registration?.clientFields ?? []).map(({ name }) => `client.${name}`))
  const isPersons = notifications.subscription?.per === 'person'
  const known = (name: string) =>
    OF_NOTIFICATIONS.has(name) || fields.has(name) || (isPersons && PLACEHOLDERS.has(name))
  const { handshake, authentication, subscription } = notifications
  const secrets = [handshake, authentication].flatMap((part) =>
    Object.entries(part).flatMap(([name, text]) =>
      SECRETS.has(name) && typeof text === 'string'
        ? [{ path: `notifications.${part.kind}.${name}`, text }]
        : [],
    ),
  )
  const calls = templatesIn({ subscription }, 'notifications', false)
  return [...secrets, ...calls].flatMap(({ path, text }) =>
    [...text.matchAll(/\{([^{}]*)\}/g)].flatMap(([, name = '']) =>
      known(name) ? [] : [{ path, message: `names {${name}}, which nothing fills` }],
    ),
  )
}

function templatesIn(value: unknown, path: string, isTemplate: boolean): { path: string; text: string }[] {
  if (typeof value === 'string') return isTemplate ? [{ path, text: value }] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    templatesIn(member, path === '' ? name : `${path}.${name}`, isTemplate || TEMPLATED.has(name)),
  )
}

function twice(values: readonly string[], pathOf: (index: number) => string): SourceProblem[] {
  return values.flatMap((value, i) =>
    values.indexOf(value) === i ? [] : [{ path: pathOf(i), message: `stands there twice: ${value}` }],
  )
}
