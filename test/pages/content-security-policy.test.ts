// Goal: the policy of a page lets in what carries its nonce and nothing else, and no entry can widen it.
// Method: whole header values for the kinds of pages there are; entries with separators are refused.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contentSecurityPolicy, formActionSource } from '../../src/pages/index.ts'

const nonce = 'AAAAAAAAAAAAAAAAAAAAAA=='
const policy = (more: Partial<Parameters<typeof contentSecurityPolicy>[0]> = {}): string =>
  contentSecurityPolicy({ nonce, formAction: [], frameAncestors: [], script: false, ...more })

test('a page without form, script and frame allows its stylesheet and own images', () => {
  assert.equal(
    policy(),
    `default-src 'none'; style-src 'nonce-${nonce}'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
  )
})

test('script, form targets and framing origins are named one by one', () => {
  assert.equal(
    policy({
      script: true,
      formAction: ["'self'", 'https://www.strava.com', 'myapp:'],
      frameAncestors: ['https://app.example', 'http://localhost:8082'],
    }),
    `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src 'self'; ` +
      "form-action 'self' https://www.strava.com myapp:; base-uri 'none'; " +
      'frame-ancestors https://app.example http://localhost:8082',
  )
})

test('an entry that is named twice stands once', () => {
  assert.match(policy({ formAction: ["'self'", "'self'"] }), /form-action 'self';/)
})

test('what is not exactly one source is refused', () => {
  const bad = [
    '',
    '*',
    'https://*.example',
    'https://a.example; script-src *',
    'https://a.example https://b.example',
    'https://a.example,b',
    'https://a.example/path',
    "'unsafe-inline'",
    'https:// a',
    "https://a.example'\n",
  ]
  for (const entry of bad) {
    assert.throws(() => policy({ formAction: [entry] }), TypeError, entry)
    assert.throws(() => policy({ frameAncestors: [entry] }), TypeError, entry)
  }
  assert.throws(() => policy({ frameAncestors: ['https:'] }), TypeError)
})

test('a nonce that could end the directive, or is short, is refused', () => {
  for (const bad of ['', 'short', `${nonce}'`, `${nonce}; script-src *`, 'a'.repeat(200)]) {
    assert.throws(() => policy({ nonce: bad }), TypeError, bad)
  }
})

test('a redirect target becomes its origin, or its scheme when an app claims it', () => {
  assert.equal(formActionSource('https://app.example/done?x=1'), 'https://app.example')
  assert.equal(formActionSource('http://localhost:8082/return'), 'http://localhost:8082')
  assert.equal(formActionSource('myapp://done'), 'myapp:')
  assert.equal(formActionSource('com.example.app:/done'), 'com.example.app:')
  assert.throws(() => formActionSource('/done'), TypeError)
})
