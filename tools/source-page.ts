/**
 * The page of docs/ about one data source: its facts, out of its definition, and what was written by hand.
 *
 * @module tools/source-page — owns the wording of those facts. A test holds the pages in docs/ against it, so that a
 * definition and its page cannot tell two stories.
 */
import {
  type AnyAuthorization,
  type Authorization,
  isOAuth2,
  type Notifications,
  type OAuth1Authorization,
  type Source,
} from '../src/model/source.ts'

const LOOPBACK = {
  refused: 'refused: the address must be public',
  name: '`http://localhost` is taken, an IP address is not',
  allowed: '`http://localhost` and `http://127.0.0.1` are taken',
  unknown: 'not documented',
} as const

const REFRESH = {
  rotating: 'each refresh gives a new pair, and the old refresh token is dead',
  stable: 'the refresh token stays the same',
  mayRotate: 'a refresh may give a new refresh token; the old one is kept when none comes',
  extending: 'a refresh gives no tokens: both live on',
  none: 'there is no refresh token',
} as const

const AUTHENTICATION = {
  bearer: 'with the access token',
  refresh_bearer: 'with the refresh token in place of the access token',
  client_secret_basic: "with the client's Basic credentials",
  client_secret_post: "with the client's credentials in the body",
  none: 'with what stands in the call alone',
} as const

/** The page in Markdown. `notes` is the file beside it in `notes/`, without a heading; empty when there is none. */
export function sourcePage(source: Source, file: string, notes: string): string {
  const parts = [
    `# ${source.name}`,
    `<!-- Made from ${file} and notes/${source.key}.md by \`npm run docs\`. -->`,
    source.description,
    table([
      ['', ''],
      ['`dataSource`', `${source.id}, or \`${source.key}\``],
      ...howConnected(source),
      ['definition', `[\`${file}\`](../../${file})`],
    ]),
    ...(source.kind === 'oauth2' ? source.authorizations.map((one) => authorizationPart(source, one)) : []),
    ...(notes === '' ? [] : [notes.trim()]),
    ...doubtsOf(source),
  ]
  return `${parts.join('\n\n')}\n`
}

function howConnected(source: Source): string[][] {
  switch (source.kind) {
    case 'oauth2':
      return [['connected', "on the vendor's own pages"]]
    case 'credentials':
      return [
        [
          'connected',
          "with the person's own log-in, on a form of ours; unofficial, and off unless the operator switches it on",
        ],
        ["vendor's documentation", read(source.documentation)],
      ]
    case 'native':
      return [
        [
          'connected',
          `by a phone app (${source.platforms.map((one) => (one === 'ios' ? 'iOS' : 'Android')).join(', ')}) that redeems a pairing code`,
        ],
        ["vendor's documentation", read(source.documentation)],
      ]
    case 'listed':
      return [['status', `${source.status}. ${source.statusNote}`]]
  }
}

function authorizationPart(source: Source & { kind: 'oauth2' }, one: AnyAuthorization): string {
  const isOnly = source.authorizations.length === 1
  return [
    `## ${isOnly ? 'Connecting' : one.name}`,
    ...(one.statusNote === null ? [] : [one.statusNote]),
    table([
      ['', ''],
      ['client in the configuration', `\`${one.vendor}\``],
      ['callback to register', `\`<publicUrl>/callback/${one.vendor}\``],
      ...registrationRows(one),
      [
        'protocol',
        isOAuth2(one) ? `OAuth 2.0${one.authorizationRequest.pkce ? ' with PKCE' : ''}` : 'OAuth 1.0a',
      ],
      ...(isOAuth2(one) ? oauth2Rows(one) : oauth1Rows(one)),
      ['disconnecting', disconnecting(one)],
      ...limitRows(one),
      ...notificationRows(one),
      ["vendor's documentation", read(one.documentation)],
      ['tried', 'against the sandbox; not yet against the vendor itself'],
    ]),
    fenced('json', JSON.stringify({ [one.vendor]: exampleClient(one) }, null, 2)),
    ...scopesPart(one),
  ].join('\n\n')
}

function registrationRows({ registration }: AnyAuthorization): string[][] {
  if (registration === undefined) return []
  const { url, redirectUri, clientFields = [] } = registration
  return [
    ['registration', `<${url}>`],
    ['how the callback is compared', redirectUri.match === 'exact' ? 'as a whole' : 'by its host alone'],
    ['callback on your own machine', LOOPBACK[redirectUri.loopback]],
    ...clientFields.map(({ name, label, required }) => [
      `further value \`${name}\``,
      `${label}${required ? '' : ' (if you have one)'}`,
    ]),
  ]
}

function oauth2Rows({ tokenRequest, refresh, account, afterConnect = [] }: Authorization): string[][] {
  return [
    ['a code lives', duration(tokenRequest.codeLifetimeSeconds)],
    [
      'refresh',
      `${REFRESH[refresh.mode]}${refresh.overlapSeconds === undefined ? '' : `; the old one works for ${duration(refresh.overlapSeconds)} more`}`,
    ],
    ...(refresh.lifetimeSeconds === null
      ? []
      : [['an unused refresh token lives', duration(refresh.lifetimeSeconds)]]),
    [
      'whose account it is',
      account.from === 'request' ? `asked at \`${account.url}\`` : 'in the answer with the tokens',
    ],
    ...afterConnect.map(({ method, url }) => ['after the consent', `\`${method} ${url}\``]),
  ]
}

const oauth1Rows = ({ temporaryCredentialEndpoint }: OAuth1Authorization): string[][] => [
  ['begins at', `\`${temporaryCredentialEndpoint}\``],
  ['tokens', 'do not expire'],
]

function disconnecting({ revocation }: AnyAuthorization): string {
  const byHand =
    revocation.removeAt === undefined ? '' : `; people can do it themselves at <${revocation.removeAt}>`
  switch (revocation.kind) {
    case 'unsupported':
      return revocation.removeAt === undefined
        ? 'the vendor has no call for it: the grant is forgotten here, and the person can remove the application at the vendor'
        : `the vendor has no call for it: the grant is forgotten here, and the person can remove the application at <${revocation.removeAt}>`
    case 'token':
      return `\`POST ${revocation.endpoint}\` (RFC 7009); ${reach(revocation.reach)}${byHand}`
    case 'request':
      return `\`${revocation.method} ${revocation.url}\`, ${AUTHENTICATION[revocation.authentication]}; ${reach(revocation.reach)}${byHand}`
    case 'hook':
      return `a signed call of the vendor's own; ${reach(revocation.reach)}${byHand}`
  }
}

function limitRows({ rateLimits, documentation }: AnyAuthorization): string[][] {
  if (rateLimits === undefined) return []
  const limits = rateLimits.map(
    ({ per, requests, windowSeconds }) =>
      `${requests} requests in ${duration(windowSeconds)} ${per === 'client' ? 'for the client' : 'for each person'}`,
  )
  return [["the vendor's limits", `${limits.join('; ')}, as published on ${documentation.checkedOn}`]]
}

function notificationRows({ notifications }: AnyAuthorization): string[][] {
  if (notifications === undefined) return [['what happens at the vendor', 'is not told to us']]
  const { authentication, events, setUp } = notifications
  const removal = events.some(({ means }) => means === 'removed')
    ? 'told, and confirmed at the vendor'
    : 'not told: it shows at the next renewal'
  return [
    ['the person removes the application there', removal],
    ['how one knows that the vendor tells it', toldBy(authentication)],
    ['setting up [notifications](../notifications.md)', setUp],
  ]
}

const toldBy = (authentication: Notifications['authentication']): string =>
  authentication.kind === 'header' && authentication.publishedKey !== undefined
    ? `${TOLD_BY.header}, and by a signature under a key that it publishes`
    : TOLD_BY[authentication.kind]

const TOLD_BY = {
  none: 'by the address alone',
  signature: 'by a signature',
  header: 'by a word in a header',
  member: 'by a word in the body',
} as const

const reach = (reached: 'token' | 'account'): string =>
  reached === 'token' ? 'it ends this grant' : 'it ends every grant of the account to this client'

function scopesPart({ scopes }: AnyAuthorization): string[] {
  if (scopes.length === 0)
    return ['The vendor knows no scopes: a grant is for everything that the registration may read.']
  const rows = scopes.map(({ value, label, requested, givesData }) => [
    `\`${value}\``,
    label,
    requested ? 'yes' : '',
    givesData ? 'yes' : '',
  ])
  return [table([['scope', 'what it gives', 'asked for', 'health or activity data'], ...rows])]
}

function exampleClient({ registration }: AnyAuthorization): object {
  const extras = (registration?.clientFields ?? []).map(({ name }) => [name, fromEnvironment(name)])
  return {
    clientId: '12345',
    clientSecret: fromEnvironment('clientSecret'),
    ...(extras.length === 0 ? {} : { extras: Object.fromEntries(extras) }),
  }
}

/** As the configuration takes a value of the environment: `${API_KEY}`. */
const fromEnvironment = (name: string): string => `$\{${environmentName(name)}}`

const environmentName = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

function doubtsOf(source: Source): string[] {
  const doubts = [...new Set(documentationsOf(source).flatMap((one) => one.doubts))]
  if (doubts.length === 0) return []
  return ['## What is not certain', doubts.map((doubt) => `- ${doubt}`).join('\n')]
}

function documentationsOf(source: Source): readonly AnyAuthorization['documentation'][] {
  if (source.kind === 'listed') return []
  return source.kind === 'oauth2'
    ? source.authorizations.map((one) => one.documentation)
    : [source.documentation]
}

const read = ({ url, checkedOn }: { readonly url: string; readonly checkedOn: string }): string =>
  `<${url}>, read on ${checkedOn}`

/** The first row is the head. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const

/** `90 days`, `8 hours`: in the largest unit that divides it. */
function duration(seconds: number): string {
  const [size, unit] = UNITS.find(([one]) => seconds % one === 0) ?? [1, 'second']
  const count = seconds / size
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
