// Goal: every page in every language is a whole, safe document that says what is true and shows a way on.
// Method: each page is rendered with plain and with hostile texts, and its markup is searched.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OUTCOME_ERRORS } from '../../src/model/result.ts'
import {
  beforeLeavingPage,
  confirmDisconnectPage,
  errorPage,
  framedStartPage,
  type OutcomeView,
  type PageContext,
  resultPage,
  sourceListPage,
} from '../../src/pages/index.ts'
import { languages } from '../../src/pages/messages/index.ts'
import { APP_LINK, ERROR_PAGES, everyPage, NONCE } from './every-page.ts'

const english: PageContext = { language: languages.en, nonce: NONCE }
const count = (markup: string, pattern: RegExp): number => [...markup.matchAll(pattern)].length

/** What is read aloud: no stylesheet, no script, no tags. */
const words = (markup: string): string =>
  markup
    .replace(/<(style|script|title)\b[^>]*>[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')

for (const language of Object.values(languages)) {
  test(`every page is a whole document in ${language.tag}`, () => {
    for (const { name, render } of everyPage()) {
      const markup = String(render({ language, nonce: NONCE }))
      assert.ok(markup.startsWith('<!doctype html>\n<html '), name)
      assert.ok(markup.includes(`<html lang="${language.tag}" dir="${language.dir}">`), name)
      assert.equal(count(markup, /<h1\b/g), 1, name)
      assert.equal(count(markup, /<main\b/g), 1, name)
      assert.match(markup, /<title>[^<]+<\/title>/, name)
      assert.ok(!/undefined|\[object|\bnull\b/.test(markup.replace(/<script[\s\S]*?<\/script>/, '')), name)
      assert.ok(!/\{[a-z]+\}/.test(words(markup)), `${name}: a placeholder is left`)
    }
  })
}

test('no page has a style attribute, an inline handler or anything from elsewhere', () => {
  for (const { name, render } of everyPage()) {
    const markup = String(render(english))
    const tags = [...markup.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag)
    for (const tag of tags) {
      assert.doesNotMatch(tag, /\s(style|src|srcset|background|on[a-z]+)=/, name)
      assert.doesNotMatch(tag, /^<(link|iframe|object|embed|img|base|meta http-equiv)/, name)
    }
    assert.doesNotMatch(markup, /url\(|@import/, name)
    for (const [, target] of markup.matchAll(/\s(?:href|action)="([^"]*)"/g)) {
      // Beside ourselves, one address: that of the application's app, with the code that it is to get.
      const isOurs = /^(\/[a-z]|https:\/\/connect\.example\/)/i.test(target ?? '')
      const isOfPhone =
        name === 'pairing'
          ? target === APP_LINK
          : name === 'list-in-app' && /^intent:\/\/connect\.example\//.test(target ?? '')
      assert.ok(isOurs || isOfPhone, `${name}: ${target}`)
    }
    for (const [opening] of markup.matchAll(/<(?:style|script)\b[^>]*>/g)) {
      assert.ok(opening.endsWith(` nonce="${NONCE}">`), `${name}: ${opening}`)
    }
  }
})

test('markup in any text from outside is shown as it was written, and runs nowhere', () => {
  const hostile = (place: string): string =>
    `</title></script>"'><img src=x onerror=alert(1)>&amp;{source}${place}`
  const escaped = (place: string): string =>
    `&lt;/title&gt;&lt;/script&gt;&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;{source}${place}`
  const texts = {
    application: hostile('1'),
    source: hostile('2'),
    label: hostile('3'),
    reference: hostile('4'),
  }
  const shown = new Set<string>()
  const plain = new Map(everyPage().map(({ name, render }) => [name, String(render(english))]))
  for (const { name, render } of everyPage(texts)) {
    const markup = String(render(english))
    assert.ok(!markup.includes('<img'), name)
    assert.equal(count(markup, /<[a-z]/g), count(plain.get(name) ?? '', /<[a-z]/g), `${name}: more elements`)
    for (const place of ['1', '2', '3', '4']) if (markup.includes(escaped(place))) shown.add(place)
  }
  assert.deepEqual([...shown].sort(), ['1', '2', '3', '4'])
})

test('the attributes of forms and lists are escaped too', () => {
  const evil = '"><script>alert(1)</script>'
  const form = { action: `/x?a=${evil.replaceAll(' ', '')}`, fields: { [evil]: evil } }
  const source = { key: evil, name: 'Strava' }
  const application = 'Morning Miles'
  const pages = [
    confirmDisconnectPage({ application, source, label: null, vendorEnd: { kind: 'asked' }, form }, english),
    beforeLeavingPage({ application, source, label: null, form }, english),
    errorPage(
      {
        page: 'not-found',
        reference: evil,
        application: null,
        source: null,
        reason: null,
        tryAgainUrl: form.action,
      },
      english,
    ),
    sourceListPage(
      {
        application,
        label: evil,
        items: [
          {
            ...source,
            id: 11,
            isOnPhone: false,
            isDown: false,
            failure: null,
            vendorEnd: { kind: 'nothing' },
            description: evil,
            descriptionLanguage: evil,
            state: { kind: 'not-connected' },
            connectUrl: form.action,
            disconnectUrl: null,
          },
        ],
        search: { text: evil, fields: { [evil]: evil } },
        elsewhere: { url: `https://connect.example/?a=${evil.replaceAll(' ', '')}`, browserUrl: null },
        isFramed: false,
        embedOrigins: [evil],
        address: form.action,
      },
      english,
    ),
  ]
  for (const page of pages) assert.ok(!String(page).includes('<script>alert'))
})

const outcome: OutcomeView = {
  kind: 'outcome',
  action: 'connect',
  error: null,
  source: { key: 'strava', name: 'Strava' },
  application: 'Morning Miles',
  permissionsMissing: false,
  consentMissing: false,
  cancelledHere: false,
  stillConnected: false,
  vendorEnd: { kind: 'nothing' },
  tryAgainUrl: null,
  allowMoreUrl: null,
  listUrl: null,
  reference: '0D3K9-Q7M2V',
}
const said = (more: Partial<OutcomeView>): string =>
  words(String(resultPage({ ...outcome, ...more }, english)))

test('each of the four outcomes is told apart in words', () => {
  assert.match(said({}), /Strava is connected Morning Miles can now receive your data from Strava\./)
  assert.match(
    said({ error: 'access_denied' }),
    /Strava was not connected You cancelled at Strava\. Nothing was changed/,
  )
  assert.match(said({ action: 'disconnect' }), /Strava is disconnected Morning Miles no longer receives/)
  assert.match(
    said({ action: 'disconnect', error: 'server_error' }),
    /Strava was not disconnected Something went wrong on our side\. Nothing was changed/,
  )
})

test('the outcome is announced, named in the title and carries a reference', () => {
  const markup = String(resultPage(outcome, english))
  assert.match(markup, /<title>Strava is connected – Morning Miles<\/title>/)
  assert.match(markup, /<div role="status">\s*<h1>/)
  assert.match(words(markup), /You can close this window\. Reference for support: 0D3K9-Q7M2V/)
})

test('a failed reconnect says that the earlier connection stays', () => {
  assert.match(
    said({ error: 'access_denied', stillConnected: true }),
    /Your earlier connection stays as it was/,
  )
  assert.doesNotMatch(said({ error: 'access_denied', stillConnected: true }), /Nothing was changed/)
})

test('somebody who kept the connection is not told that they cancelled at the vendor', () => {
  const text = said({ action: 'disconnect', error: 'access_denied' })
  assert.match(text, /You chose to keep the connection\. Nothing was changed/)
  assert.doesNotMatch(text, /cancelled/)
})

test('somebody who said no on a page of ours is not told that they cancelled at the vendor, and may try again', () => {
  for (const error of ['access_denied', 'account_in_use'] as const) {
    const text = said({ error, cancelledHere: true, tryAgainUrl: '/again' })
    assert.match(text, /Strava was not connected You chose not to go on\. Nothing was changed/)
    assert.match(text, /You can try again whenever you like\. ?Try again/)
    assert.doesNotMatch(text, /cancelled|Another user/)
  }
})

test('another try is offered where it can help, and nowhere else', () => {
  const offered = (action: OutcomeView['action']): string[] =>
    OUTCOME_ERRORS.filter((error) =>
      String(resultPage({ ...outcome, action, error, tryAgainUrl: '/again' }, english)).includes('/again'),
    )
  const useful = [
    'scope_missing',
    'attempt_expired',
    'account_in_use',
    'log_in_failed',
    'vendor_unavailable',
    'vendor_error',
    'server_error',
  ]
  assert.deepEqual(offered('connect'), ['access_denied', ...useful])
  assert.deepEqual(offered('disconnect'), useful)
  assert.ok(!String(resultPage({ ...outcome, tryAgainUrl: '/again' }, english)).includes('/again'))
})

test('a disconnect says what becomes of the access at the vendor, and nothing when there was none', () => {
  const after = (vendorEnd: OutcomeView['vendorEnd']): string => said({ action: 'disconnect', vendorEnd })
  assert.match(after({ kind: 'asked' }), /We also ask Strava to end the access/)
  assert.match(
    after({ kind: 'by-hand', address: 'strava.example/apps' }),
    /remove it there: strava\.example\/apps/,
  )
  assert.match(after({ kind: 'by-hand', address: null }), /in your account settings/)
  assert.match(after({ kind: 'ended' }), /Strava has ended the access on its side\./)
  assert.match(after({ kind: 'stays' }), /Another connection still uses your access at Strava/)
  assert.match(
    after({ kind: 'gave-up', address: null }),
    /did not confirm.*remove it there in your account settings\./,
  )
  assert.match(
    after({ kind: 'gave-up', address: 'strava.example/apps' }),
    /did not confirm.*remove it there: strava\.example\/apps/,
  )
  assert.doesNotMatch(after({ kind: 'nothing' }), /access/)
})

test('the general result page names nobody and nothing', () => {
  const text = words(String(resultPage({ kind: 'general' }, english)))
  assert.match(text, /You can go back to your app/)
  assert.doesNotMatch(text, /is connected |disconnected|Reference/)
})

test('a link that leaves the own origin is left out of results and errors', () => {
  const foreign = [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/a\\b',
    'javascript:alert(1)',
    ' /x',
    '/x y',
    '/x\n',
    'x',
    '',
  ]
  for (const tryAgainUrl of foreign) {
    const views = [
      resultPage({ ...outcome, error: 'vendor_error', tryAgainUrl }, english),
      errorPage(
        { page: 'link-expired', reference: null, application: null, source: null, reason: null, tryAgainUrl },
        english,
      ),
    ]
    for (const page of views) assert.doesNotMatch(String(page), /<a /, JSON.stringify(tryAgainUrl))
  }
  for (const query of ['a=\\', 'a=\u00a0', 'a=//b', '']) {
    const tryAgainUrl = `/x?${query}`
    const page = resultPage({ ...outcome, error: 'vendor_error', tryAgainUrl }, english)
    assert.ok(String(page).includes(`href="${tryAgainUrl}"`), query)
  }
  const again = resultPage({ ...outcome, error: 'vendor_error', tryAgainUrl: '/x?a=1&b=2' }, english)
  assert.match(String(again), /href="\/x\?a=1&amp;b=2"/)
})

test('a page refuses to be built with a form or a start link of somebody else', () => {
  const source = { key: 'strava', name: 'Strava' }
  const view = { application: 'A', source, label: null }
  const form = { action: 'https://evil.example/', fields: {} }
  assert.throws(() => beforeLeavingPage({ ...view, form }, english), TypeError)
  assert.throws(
    () => framedStartPage({ ...view, startUrl: 'javascript:alert(1)', opensIn: 'new-window' }, english),
    TypeError,
  )
})

test('a question is a form with its one-time token and two answers', () => {
  for (const { name, render } of everyPage().filter(({ name }) => /^(confirm|before)/.test(name))) {
    const markup = String(render(english))
    assert.match(
      markup,
      /<form method="post" action="\/dataSourceDirectRevoke\.html\?token=1X2&amp;dataSource=11">/,
      name,
    )
    assert.match(markup, /<input type="hidden" name="once" value="c3VyZQ">/, name)
    assert.deepEqual(
      [...markup.matchAll(/<button [^>]*name="answer" value="(\w+)"/g)].map(([, answer]) => answer),
      ['yes', 'no'],
      name,
    )
  }
})

test('the page before leaving names application, source and person, and asks who started it', () => {
  const page = everyPage().find(({ name }) => name === 'before-leaving')
  const text = words(String(page?.render(english)))
  assert.match(text, /Connect Strava to Morning Miles\?/)
  assert.match(text, /Did you start this yourself\?/)
  assert.match(text, /this user of Morning Miles: Ada L\./)
})

test('a framed start leads out of the frame and gives the opened window no way back in', () => {
  const link = (opensIn: 'new-window' | 'whole-window'): string =>
    String(
      framedStartPage(
        { application: 'A', source: { key: 'strava', name: 'Strava' }, startUrl: '/start', opensIn },
        english,
      ),
    )
  assert.match(link('new-window'), /<a [^>]*href="\/start" target="_blank" rel="noopener">/)
  assert.match(link('whole-window'), /<a [^>]*href="\/start" target="_top" rel="noopener">/)
})

test('every error page has a reference, and names the application to go back to when it is known', () => {
  for (const page of ERROR_PAGES) {
    const view = { page, reference: 'req-1', source: null, reason: null, tryAgainUrl: null }
    assert.match(words(String(errorPage({ ...view, application: null }, english))), /support: req-1/, page)
  }
  const changed = errorPage(
    {
      page: 'browser-changed',
      reference: null,
      application: 'Morning Miles',
      source: null,
      reason: null,
      tryAgainUrl: null,
    },
    english,
  )
  assert.match(
    words(String(changed)),
    /nothing was connected.*Go back to Morning Miles and start again there\./,
  )
})

test('the list shows each state in words, with what can be done about it', () => {
  const list = String(
    everyPage()
      .find(({ name }) => name === 'list')
      ?.render(english),
  )
  const item = (key: string): string =>
    new RegExp(`<li[^>]*>(?:(?!</li>)[\\s\\S])*id="name-${key}"[\\s\\S]*?</li>`).exec(list)?.[0] ?? ''
  assert.match(words(item('strava')), /Connected since November 3, 2026 ?Disconnect$/)
  assert.match(words(item('withings')), /no longer accepts our access\. ?Connect again ?Disconnect$/)
  assert.match(words(item('fitbit')), /Steps, heart rate, sleep and weight ?Connect$/)
  assert.match(words(item('apple-health')), /connected in the app on your phone\.$/)
  assert.match(list, /<h2>Not available \(<bdi>7<\/bdi>\)<\/h2>/)
  for (const [, link] of list.matchAll(/<a ([^>]*href=[^>]*)>/g)) assert.match(link ?? '', /target="_top"/)
})

test('every number is written in the digits of the page’s language', () => {
  const inLanguage = (name: string, language: PageContext['language']): string =>
    words(
      String(
        everyPage()
          .find((sample) => sample.name === name)
          ?.render({ ...english, language }),
      ),
    )
  assert.match(inLanguage('pairing', languages.en), /works once, for 15 minutes\./)
  assert.match(inLanguage('pairing', languages.de), /einmal und 15 Minuten lang\./)
  assert.match(inLanguage('pairing', languages.ja), /15 分間/)
  assert.match(inLanguage('pairing', languages.fa), /۱۵ دقیقه/)
  assert.match(inLanguage('list', languages.fa), /\(۷\)/)
  assert.match(inLanguage('list-more', languages.fa), /۸/)
  assert.match(inLanguage('list-more', languages.en), /Sources found: 8/)
})

test('the date of a connection is written as the language writes it', () => {
  const list = everyPage().find(({ name }) => name === 'list')
  const inLanguage = (language: PageContext['language']): string =>
    words(String(list?.render({ ...english, language })))
  assert.match(inLanguage(languages.de), /Verbunden seit 3\. November 2026/)
  assert.match(inLanguage(languages.ja), /2026年11月3日から連携中/)
})
