// Goal: only addresses that are safe and mean one thing can be listed, and whoever lists one learns what is wrong.
// Method: tables of what is listed, with its warnings, and of what is not, with its reason.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buildRedirectLocation } from '../../../src/broker/redirect-uris/redirect-location.ts'
import { decideRedirectUriValue } from '../../../src/broker/redirect-uris/redirect-uri.ts'
import {
  isForbiddenScheme,
  validateRedirectUriEntry,
} from '../../../src/broker/redirect-uris/redirect-uri-entry.ts'

const ownOrigins = ['https://connect.example.org', 'http://localhost:8080']
const warningsOf = (value: string) => {
  const check = validateRedirectUriEntry(value, ownOrigins)
  assert.ok(check.ok, JSON.stringify([value, check]))
  return check.warnings.map(({ code }) => code)
}
const problemOf = (value: string) => {
  const check = validateRedirectUriEntry(value, ownOrigins)
  return check.ok ? 'listed' : check.code
}

const listable = [
  ['https://app.example/cb', ''],
  ['https://app.example/', ''],
  ['https://app.example:8443/cb', ''],
  ['https://a.b.c.d.app.example/a/b/c.html', ''],
  ['https://intranet/cb', ''],
  ['https://192.0.2.1/cb', ''],
  ['https://xn--bcher-kva.example/cb', ''],
  ['https://app.example/a%20b/%C3%A4', ''],
  ["https://app.example/@me/a;b/c,d/e=f&g+h!$'()/~x_y-z", ''],
  ['https://app.example//double//', ''],
  ['https://app.example/a/...', ''],
  ['https://app.example/a/.well-known', ''],
  ['https://localhost/cb', 'loopback_only'],
  ['http://localhost/', 'loopback_only'],
  ['http://localhost:8082/cb', 'loopback_only'],
  ['http://app.localhost:3000/cb', 'loopback_only'],
  ['http://127.0.0.1:5173/cb', 'loopback_only'],
  ['http://127.255.0.9/cb', 'loopback_only'],
  ['https://app.example', 'written_form_counts'],
  ['https://App.example/cb', 'written_form_counts'],
  ['HTTPS://app.example/cb', 'written_form_counts'],
  ['https://app.example:443/cb', 'written_form_counts'],
  ['http://LOCALHOST:80/cb', 'loopback_only written_form_counts'],
  ['https://app.example/cb?mode=a', 'query_is_fixed'],
  ['https://app.example/cb?dataSource=1&mode=a', 'query_is_fixed'],
  ['https://app.example?mode=a', 'query_is_fixed written_form_counts'],
  ['com.example.app:/cb', 'custom_scheme_not_exclusive'],
  ['com.example.app://cb?x=1', 'custom_scheme_not_exclusive query_is_fixed'],
  ['myapp://done', 'custom_scheme_not_exclusive custom_scheme_without_domain'],
  ['myapp:/done', 'custom_scheme_not_exclusive custom_scheme_without_domain'],
  ['myapp://', 'custom_scheme_not_exclusive custom_scheme_without_domain'],
  ['my-app+2://a_b~c/d', 'custom_scheme_not_exclusive custom_scheme_without_domain'],
  ['MyApp://done', 'custom_scheme_not_exclusive custom_scheme_without_domain written_form_counts'],
] as const

/** A table of values without white space. */
const words = (text: string): readonly string[] => text.trim().split(/\s+/)

const unlistable = {
  length: ['', `https://app.example/${'x'.repeat(2029)}`],
  fragment: ['https://app.example/#/cb', 'https://app.example/cb#', 'myapp://done#x', '#'],
  brackets: ['http://[::1]/cb', 'https://[2001:db8::1]/cb', 'https://app.example/[id]'],
  wildcard: words(`
    https://*.app.example/cb https://*/cb https://app.example/* https://app.example/cb*
    https://app.example/cb?x=* * https://app.example:*/cb myapp://*`),
  non_ascii: [
    'https://b\u00fccher.example/',
    'https://app.example/\u00e4',
    'https://\uff41pp.example/',
    '\u200bhttps://a.example/',
  ],
  characters: [
    ' https://app.example/cb',
    'https://app.example/cb ',
    'https://app.example/c b',
    'https://app.example/cb\n',
    'https://app.example/cb\r\nX: y',
    'ht\ttps://app.example/cb',
    'https://app.example/cb\0',
    'https://app.example/cb\x7f',
    'https:\\\\app.example\\cb',
    'https://app.example/{id}',
    'https://app.example/<id>',
    'https://app.example/"cb"',
    'https://app.example/a|b^c`d',
  ],
  not_absolute: words(`
    /cb cb //app.example/cb app.example/cb app.example localhost:3000/cb app.example:443/cb
    https:/app.example/cb https:app.example/cb https: myapp:done com.example.app:cb myapp: :
    ://app.example 1app://done -app://done %68ttps://app.example/ urx:x:y`),
  forbidden_scheme: words(`
    javascript:alert(1) JavaScript:/alert(1) javascript://app.example/%0aalert(1) data:text/html,x
    data:/x file:///etc/passwd file://app.example/x vbscript:x blob:https://app.example/x
    filesystem:https://app.example/x about:blank view-source:https://app.example/ ws://app.example/
    wss://app.example/ ftp://app.example/ mailto:a@app.example tel:112 sms:112 intent://app.example/cb
    android-app://com.example/https/app.example itms-services://?action=x ms-msdt:/id MS-Word:ofe
    chrome://settings/ chrome-extension://abc/x.html moz-extension://abc/x.html
    jar:https://app.example/x ldap://app.example/ smb://app.example/x ssh://app.example/ search-ms:query
    urn:uuid:1`),
  userinfo: words(`
    https://user@app.example/cb https://user:password@app.example/cb https://@app.example/cb
    https://:@app.example/cb http://localhost:80@evil.example/cb http://evil.example@localhost/cb
    myapp://user@done`),
  invalid_host: [
    'https://',
    'https:///cb',
    'https:////app.example/cb',
    'https://?x=1',
    'https://:443/cb',
    'https://.app.example/cb',
    'https://app.example./cb',
    'https://app..example/cb',
    'https://-app.example/cb',
    'https://app-.example/cb',
    'https://my_app.example/cb',
    'https://app.example%2eevil/cb',
    'https://b%C3%BCcher.example/cb',
    'https://app,example/cb',
    'https://app.example;evil/cb',
    "https://app'.example/cb",
    `https://${'a'.repeat(64)}.example/cb`,
    `https://${'a.'.repeat(130)}example/cb`,
    'https://127.1/cb',
    'https://2130706433/cb',
    'https://0x7f000001/cb',
    'https://0177.0.0.1/cb',
    'https://127.0.0.256/cb',
    'https://1.2.3.4.5/cb',
    'https://app.1/cb',
    'https://app.0x1/cb',
    'http://127.1/cb',
    'http://127.0.0.1./cb',
    'http://0177.0.0.1/cb',
    'myapp://a,b/cb',
    'myapp://a%2fb/cb',
  ],
  invalid_port: words(`
    https://app.example:/cb https://app.example:0/cb https://app.example:00/cb https://app.example:080/cb
    https://app.example:65536/cb https://app.example:123456/cb https://app.example:-1/cb https://app.example:+1/cb
    https://app.example:8o/cb https://app.example:80:80/cb https://app.example:%38/cb myapp://:80/cb
  `),
  http_not_loopback: words(`
    http://app.example/cb HTTP://app.example/cb http://localhost.evil.example/cb http://evillocalhost/cb
    http://localhost.localdomain/cb http://128.0.0.1/cb http://10.0.0.1/cb http://192.168.1.1/cb
    http://127.0.0.1.nip.io/cb http://0.0.0.0/cb http://xlocalhost:80/cb`),
  malformed_encoding: words(`
    https://app.example/% https://app.example/%2 https://app.example/%zz https://app.example/%ff
    https://app.example/%c0%af https://app.example/%00 https://app.example/%0d%0aX:y
    https://app.example/%7f https://app.example/%C2%85 https://app.example/cb?x=%
    https://app.example/cb?x=%0a https://app.example/cb?x=%ff myapp://done/%zz`),
  dot_segment: words(`
    https://app.example/. https://app.example/.. https://app.example/a/../b https://app.example/a/./b
    https://app.example/a/.. https://app.example/%2e%2e/b https://app.example/.%2E/b
    https://app.example/%2e/b myapp://done/../x com.example.app:/../x`),
  empty_query: ['https://app.example/cb?', 'https://app.example?', 'myapp://done?'],
  reserved_parameter: words(`
    https://app.example/cb?token=1 https://app.example/cb?mode=a&STATE=1
    https://app.example/cb?connected https://app.example/cb?result%5B%5D=1
    https://app.example/cb?datasource=1 https://app.example/cb?dataSource=1&dataSource=2
    https://app.example/cb?x=1;error=2 myapp://done?code=1`),
  own_host: words(`
    https://connect.example.org/ https://connect.example.org https://connect.example.org:443/x
    https://CONNECT.example.org/x https://connect.example.org/dataSourceDirectConnectionResult.html
    https://connect.example.org/dataSourceDirectRevoke.html?x=1 http://localhost:8080/
    https://localhost:8080/`),
} as const

describe('what can be listed', () => {
  it('is listed with the warnings that belong to it', () => {
    for (const [value, warnings] of listable) assert.equal(warningsOf(value).join(' '), warnings, value)
  })

  it('is then allowed exactly as it stands, and leads to a Location', () => {
    const outcome = { dataSource: 1, connected: true, error: null, result: 'r' }
    for (const [value] of listable) {
      const allowed = {
        entries: [value],
        resultPageUrl: `${ownOrigins[0]}/dataSourceDirectConnectionResult.html`,
      }
      assert.deepEqual(decideRedirectUriValue(value, allowed), { kind: 'allowed', entry: value, query: null })
      assert.ok(
        buildRedirectLocation({ entry: value, query: null }, outcome)?.startsWith(
          value.split('?', 1)[0] ?? '',
        ),
      )
    }
  })

  it('may be 2048 characters long, and be another port or name beside the service', () => {
    assert.equal(problemOf(`https://app.example/${'x'.repeat(2028)}`), 'listed')
    assert.equal(problemOf('http://localhost:8082/'), 'listed')
    assert.equal(problemOf('https://connect.example.org:8443/'), 'listed')
    assert.equal(problemOf('https://www.connect.example.org/'), 'listed')
    assert.equal(problemOf('myapp://localhost:8080/'), 'listed')
    assert.equal(validateRedirectUriEntry('https://localhost/', ['http://localhost']).ok, true)
  })

  it('tells in a sentence that another app can claim a custom scheme', () => {
    const check = validateRedirectUriEntry('myapp://done', [])
    assert.ok(check.ok)
    assert.match(
      check.warnings[0]?.detail ?? '',
      /Any other app can claim the same scheme.*RFC 8252.*https link/,
    )
  })
})

describe('what cannot be listed', () => {
  for (const [code, values] of Object.entries(unlistable)) {
    it(`is refused for the reason "${code}"`, () => {
      for (const value of values) {
        const check = validateRedirectUriEntry(value, ownOrigins)
        assert.equal(check.ok ? 'listed' : check.code, code, value)
      }
    })
  }

  it('gets a whole sentence that does not repeat the value', () => {
    for (const value of Object.values(unlistable).flat()) {
      const check = validateRedirectUriEntry(value.replace('app.example', 'secret-host.test'), ownOrigins)
      if (check.ok) continue
      assert.match(check.detail, /^[A-Z"h].*\.$/)
      assert.ok(!check.detail.includes('secret-host'), check.detail)
    }
  })

  it('is never a web host that a URL parser reads as another one', () => {
    const hosts = [
      '0',
      '1',
      '127',
      '0x1',
      '0x',
      '1.1',
      '1.1.1',
      '1.1.1.1',
      '01.1.1.1',
      '1.1.1.01',
      '1.1.1.1.1',
      '1e3',
      'a.08',
      '0x.0x',
    ]
    for (const host of [
      ...hosts,
      '256.1.1.1',
      '1.256',
      '4294967296',
      'xn--a',
      'a--b',
      '1a',
      'a1',
      '0b1',
      '1.a',
    ]) {
      const check = validateRedirectUriEntry(`https://${host}/`, [])
      if (check.ok) assert.equal(new URL(`https://${host}/`).hostname, host)
    }
    assert.equal(problemOf('https://1.1.1.1/'), 'listed')
  })
})

describe('a scheme', () => {
  it('is forbidden in any case', () => {
    for (const scheme of ['javascript', 'JAVASCRIPT', 'Data', 'ms-anything', 'MS-x', 'intent']) {
      assert.equal(isForbiddenScheme(scheme), true, scheme)
    }
    for (const scheme of ['https', 'http', 'myapp', 'com.example.app', 'javascripts', 'x-data', 'msx']) {
      assert.equal(isForbiddenScheme(scheme), false, scheme)
    }
  })
})
