// What `serve` refuses: everything that is missing, malformed or unsafe, all of it at once, each with its path.
// One configuration in order, with one part spoilt at a time.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseConfig } from '../../src/config/index.ts'
import {
  accountOf,
  applicationOf,
  configOf,
  KEY,
  OTHER_KEY,
  problemsIn,
  RULES,
  secretText,
} from './support.ts'

const inApplication = (more: Record<string, unknown>) => configOf({ accounts: [accountOf(more)] })
const APPLICATION = 'accounts[0].applications[0]'

/** What is spoilt, the configuration, and the one sentence about it. */
const REFUSED: readonly (readonly [string, unknown, RegExp])[] = [
  [
    'confirmation without the page for it',
    inApplication({ bind: 'confirm' }),
    /^accounts\[0\]\.applications\[0\]\.verifyUrl: is missing: bind is confirm\.$/,
  ],
  [
    'another way to bind',
    inApplication({ bind: 'trust' }),
    /^accounts\[0\]\.applications\[0\]\.bind: must be one of auto, page, confirm\.$/,
  ],
  ...[{}, { bind: 'page' }, { bind: 'auto', verifyUrl: 'https://app.example.com/verify' }].map(
    (more) =>
      [
        `when to exchange, without confirmation (${JSON.stringify(more)})`,
        inApplication({ ...more, exchange: 'before-confirm' }),
        /^accounts\[0\]\.applications\[0\]\.exchange: is for bind confirm alone\.$/,
      ] as const,
  ),
  ...[
    'http://app.example.com/verify',
    'javascript:alert(1)',
    '/verify',
    'https://app.example.com/verify#top',
    'https://connect.example.org/verify',
    'https://*.example.com/verify',
    'https://app.example.com/verify?ticket=1',
  ].map(
    (verifyUrl) =>
      [
        `a page for confirmation that cannot be one: ${verifyUrl}`,
        inApplication({ verifyUrl }),
        /^accounts\[0\]\.applications\[0\]\.verifyUrl: /,
      ] as const,
  ),
  ['nothing at all', undefined, /^configuration: is missing\.$/],
  ['a list', [], /^configuration: must be an object\.$/],
  [
    'no public URL',
    configOf({ publicUrl: undefined }),
    /^publicUrl: must be an absolute http or https URL\.$/,
  ],
  [
    'http for the public',
    configOf({ publicUrl: 'http://connect.example.org' }),
    /^publicUrl: must be https, except on a loopback host\.$/,
  ],
  [
    'http for the public by an address',
    configOf({ publicUrl: 'http://10.0.0.4:8080' }),
    /^publicUrl: must be https/,
  ],
  [
    'http on a host that only begins like this machine',
    configOf({ publicUrl: 'http://localhost.example.org' }),
    /^publicUrl: must be https/,
  ],
  [
    'a path behind the public URL',
    configOf({ publicUrl: 'https://example.org/connect' }),
    /^publicUrl: must be an origin alone/,
  ],
  [
    'a user name in the public URL',
    configOf({ publicUrl: 'https://me@example.org' }),
    /^publicUrl: must be an origin alone/,
  ],
  [
    'another scheme',
    configOf({ publicUrl: 'ftp://localhost' }),
    /^publicUrl: must be an absolute http or https URL\.$/,
  ],
  [
    'http for the widget',
    configOf({ publicUrls: { widget: 'http://w.example.org' } }),
    /^publicUrls\.widget: must be https/,
  ],
  ['no database', configOf({ database: undefined }), /^database: is missing\.$/],
  [
    'another database',
    configOf({ database: 'mysql://u:p@h/d' }),
    /^database: must be sqlite:PATH or postgres:/,
  ],
  [
    'a database address that is none',
    configOf({ database: 'postgres://u:p@:x/d' }),
    /^database: must be sqlite:PATH or postgres:/,
  ],
  ['no keys', configOf({ keys: undefined }), /^keys: is missing\.$/],
  [
    'an empty list of keys',
    configOf({ keys: [] }),
    /^keys: needs at least one key; `springbar keys new` prints one\.$/,
  ],
  [
    'a short key',
    configOf({ keys: [{ id: 'k1', key: 'c2hvcnQ=' }] }),
    /^keys\[0\]\.key: must be 32 bytes in base64\.$/,
  ],
  [
    'two keys of one id',
    configOf({
      keys: [
        { id: 'k1', key: KEY },
        { id: 'k1', key: OTHER_KEY },
      ],
    }),
    /^keys: the same key id occurs twice\.$/,
  ],
  ['a port that is none', configOf({ listen: { port: 70_000 } }), /^listen\.port: must be at most 65535\.$/],
  ['a port in words', configOf({ listen: { port: 'http' } }), /^listen\.port: must be a number\.$/],
  [
    'a proxy that is no address',
    configOf({ trustedProxies: ['balancer'] }),
    /^trustedProxies\[0\]: must be an IP address or a range/,
  ],
  [
    'an unknown setting',
    configOf({ publicURL: 'x' }),
    /^configuration: has a field that is not known here: publicURL\.$/,
  ],
  ['no account', configOf({ accounts: [] }), /^accounts: needs at least one account\.$/],
  [
    'an account without applications',
    configOf({ accounts: [accountOf({}, { applications: [] })] }),
    /^accounts\[0\]\.applications: needs at least one application\.$/,
  ],
  [
    'a user name that cannot be sent',
    configOf({ accounts: [accountOf({}, { username: 'a:b' })] }),
    /^accounts\[0\]\.username: must not contain a colon/,
  ],
  [
    'a short password',
    configOf({ accounts: [accountOf({}, { passwords: ['hunter2'] })] }),
    /^accounts\[0\]\.passwords\[0\]: must hold at least 128 random bits; `springbar secret new` prints one\.$/,
  ],
  [
    'a long secret of few characters',
    inApplication({ secrets: ['ab'.repeat(40)] }),
    /^accounts\[0\]\.applications\[0\]\.secrets\[0\]: must hold at least 128 random bits/,
  ],
  [
    'three live secrets',
    inApplication({ secrets: [1, 2, 3].map(secretText) }),
    /^accounts\[0\]\.applications\[0\]\.secrets: must have at most 2 entries\.$/,
  ],
  [
    'no secret',
    inApplication({ secrets: [] }),
    /^accounts\[0\]\.applications\[0\]\.secrets: must have at least 1 entry\.$/,
  ],
  [
    'a short API key',
    inApplication({ apiKeys: ['sbk_demo'] }),
    /\.apiKeys\[0\]: must hold at least 128 random bits/,
  ],
  [
    'two users of one name',
    configOf({ accounts: [accountOf(), accountOf({ id: 'other' })] }),
    /^accounts: the same username occurs twice: account\.$/,
  ],
  [
    'two applications of one id',
    configOf({ accounts: [accountOf({}, { applications: [applicationOf(), applicationOf()] })] }),
    /^accounts: the same application id occurs twice: app\.$/,
  ],
  [
    'two accounts with an application of one id',
    configOf({ accounts: [accountOf(), accountOf({}, { username: 'b' })] }),
    /^accounts: the same application id occurs twice: app\.$/,
  ],
  [
    'an API key of two applications',
    configOf({
      accounts: [
        accountOf(
          {},
          {
            applications: [
              applicationOf({ apiKeys: [secretText(4)] }),
              applicationOf({ id: 'b', apiKeys: [secretText(4)] }),
            ],
          },
        ),
      ],
    }),
    /^accounts: the same API key occurs twice\.$/,
  ],
  [
    'a vendor that no source has',
    inApplication({ clients: { garmin: { clientId: 'c', clientSecret: 's' } } }),
    /\.clients\.garmin: no source has this vendor; there are strava, withings\.$/,
  ],
  [
    'a client without a secret',
    inApplication({ clients: { strava: { clientId: 'c' } } }),
    /\.clients\.strava\.clientSecret: is missing\.$/,
  ],
  [
    'a public redirect URI over http',
    inApplication({ redirectUris: ['http://app.example.com/done'] }),
    /\.redirectUris\[0\]: http is for this machine only/,
  ],
  [
    'a redirect URI that runs code',
    inApplication({ redirectUris: ['javascript:alert(1)'] }),
    /\.redirectUris\[0\]: This scheme runs code/,
  ],
  [
    'a redirect URI with a wildcard',
    inApplication({ redirectUris: ['https://*.example.com/done'] }),
    /\.redirectUris\[0\]: There are no wildcards/,
  ],
  [
    'a redirect URI on our own host',
    inApplication({ redirectUris: ['https://connect.example.org/done'] }),
    /\.redirectUris\[0\]: This is an address of the service itself/,
  ],
  [
    'a redirect URI on our own host, written with its port',
    inApplication({ redirectUris: ['https://connect.example.org:443/done'] }),
    /\.redirectUris\[0\]: This is an address of the service itself/,
  ],
  [
    'an embedding origin with a path',
    inApplication({ embedOrigins: ['https://app.example.com/page'] }),
    /\.embedOrigins\[0\]: must be an origin alone/,
  ],
  [
    'a session that never ends',
    inApplication({ sessionLifetimeSeconds: 86_401 }),
    /\.sessionLifetimeSeconds: must be at most 86400\.$/,
  ],
  ['a language that is none', inApplication({ language: 'English' }), /\.language: must be two letters/],
  [
    'a language that we lack',
    inApplication({ language: 'xx' }),
    /\.language: is a language that the pages do not have\.$/,
  ],
  [
    'a vault key that nobody drew',
    configOf({ keys: [{ id: 'k1', key: Buffer.alloc(32).toString('base64') }] }),
    /^keys\[0\]\.key: must be 32 random bytes; `springbar keys new` prints such a key\.$/,
  ],
  [
    'an unknown setting of an application',
    inApplication({ redirectURIs: [] }),
    /^accounts\[0\]\.applications\[0\]: has a field that is not known here: redirectURIs\.$/,
  ],
]

describe('a configuration that is refused', () => {
  for (const [name, input, sentence] of REFUSED)
    it(`${name}: one sentence with its path`, () => {
      const problems = problemsIn(input)
      assert.equal(problems.length, 1, problems.join('\n'))
      assert.match(problems[0] ?? '', sentence)
    })

  it('every fault is named at once, each by its own path', () => {
    const problems = problemsIn({
      publicUrl: 'http://connect.example.org',
      publicUrls: { direct: 'nowhere' },
      listen: { port: 'x' },
      database: 'oracle',
      keys: [{ id: 'no spaces', key: KEY }],
      trustedProxies: ['x'],
      logLevel: 'loud',
      surprise: true,
      accounts: [
        accountOf(
          {
            id: '-',
            name: '',
            secrets: ['short'],
            redirectUris: ['https://app.example.com/done', 'http://connect.example.org/done', '/relative'],
            embedOrigins: ['x'],
            clients: { garmin: {} },
            language: 'xxx',
          },
          { username: '', passwords: ['short'] },
        ),
      ],
    })
    const paths = problems.map((problem) => problem.slice(0, problem.indexOf(': ')))
    assert.deepEqual([...new Set(paths)].toSorted(), [
      ...['clients.garmin', 'embedOrigins[0]', 'id', 'language', 'name'].map(
        (path) => `${APPLICATION}.${path}`,
      ),
      ...['redirectUris[1]', 'redirectUris[2]', 'secrets[0]'].map((path) => `${APPLICATION}.${path}`),
      ...['accounts[0].passwords[0]', 'accounts[0].username', 'configuration', 'database', 'keys[0].id'],
      ...['listen.port', 'logLevel', 'publicUrl', 'publicUrls.direct', 'trustedProxies[0]'],
    ])
    for (const problem of problems) assert.match(problem, /^[^\n]+\.$/, 'one line that ends in a full stop')
  })

  it('what several settings break together is named beside what one of them breaks alone', () => {
    const key = { id: 'k1', key: KEY }
    const problems = problemsIn(
      configOf({
        keys: [key, { ...key, key: 'c2hvcnQ=' }],
        accounts: [accountOf({ id: 'x' }), accountOf({ id: 'x', name: '', bind: 'confirm' }), 5, null],
      }),
    )
    for (const sentence of [
      'keys: the same key id occurs twice.',
      'keys[1].key: must be 32 bytes in base64.',
      'accounts: the same username occurs twice: account.',
      'accounts: the same application id occurs twice: x.',
      'accounts[1].applications[0].name: must have at least 1 character.',
      'accounts[1].applications[0].verifyUrl: is missing: bind is confirm.',
      'accounts[2]: must be an object.',
      'accounts[3]: must be an object.',
    ])
      assert.ok(problems.includes(sentence), `${sentence}\n${problems.join('\n')}`)
    assert.equal(problems.length, 8, problems.join('\n'))
  })

  it('a redirect URI on our own host is named although the public URL is wrong in another way', () => {
    const problems = problemsIn({
      ...inApplication({ redirectUris: ['https://direct.example.org/x'] }),
      publicUrl: 'https://connect.example.org/path',
      publicUrls: { direct: 'https://direct.example.org' },
    })
    assert.equal(problems.length, 2, problems.join('\n'))
    assert.match(problems.join('\n'), /redirectUris\[0\]: This is an address of the service itself/)
  })

  it('two secrets are live while one is being replaced', () => {
    const config = parseConfig(
      inApplication({ secrets: [secretText(1), secretText(5)], apiKeys: [secretText(6)] }),
      RULES,
    )
    assert.deepEqual(
      config.credentials[0]?.secrets.map((one) => one.reveal()),
      [secretText(1), secretText(5)],
    )
  })

  it('http is fine on loopback hosts, for development', () => {
    for (const publicUrl of [
      'http://localhost:8080',
      'http://127.0.0.1:8080',
      'http://api.localhost',
      'http://[::1]:8080',
    ])
      assert.deepEqual(problemsIn(configOf({ publicUrl })), [], publicUrl)
  })

  it('the short, documented credentials are for the try-out alone', () => {
    const demo = configOf({
      accounts: [accountOf({ secrets: ['demo-secret'], apiKeys: ['sbk_demo'] }, { passwords: ['demo'] })],
    })
    assert.equal(problemsIn(demo).length, 3)
    assert.doesNotThrow(() => parseConfig(demo, { ...RULES, tryOut: true }))
  })
})
