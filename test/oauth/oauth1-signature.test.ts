// Goal: what we sign is what RFC 5849 says. Method: the examples of the RFC and of the OAuth 1.0a guide, each special
// case of the encoding in a table, and properties over arbitrary parameters with a fixed seed.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { percentEncode, signatureBaseString, signHmacSha1 } from '../../src/oauth/oauth1-signature.ts'

const runs = { seed: 20_261_122, numRuns: 500 }

/** RFC 5849 §3.4.1.1. */
const RFC_REQUEST = {
  method: 'POST',
  url: 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
  parameters: [
    ['oauth_consumer_key', '9djdj82h48djs9d2'],
    ['oauth_token', 'kkk9d7dh3k39sjv7'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '137131201'],
    ['oauth_nonce', '7d8f3e4a'],
    ['c2', ''],
    ['a3', '2 q'],
  ],
} as const

describe('the signature base string', () => {
  test('is that of the example in RFC 5849 §3.4.1.1', () => {
    assert.equal(
      signatureBaseString(RFC_REQUEST),
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q' +
        '%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_' +
        'key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_m' +
        'ethod%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk' +
        '9d7dh3k39sjv7',
    )
  })

  test('names the address as in the examples of RFC 5849 §3.4.1.2', () => {
    for (const [url, base] of [
      ['http://EXAMPLE.COM:80/r%20v/X?id=123', 'GET&http%3A%2F%2Fexample.com%2Fr%2520v%2FX&id%3D123'],
      ['https://www.example.net:8080/?q=1', 'GET&https%3A%2F%2Fwww.example.net%3A8080%2F&q%3D1'],
      ['https://www.example.net:443', 'GET&https%3A%2F%2Fwww.example.net%2F&'],
    ] as const)
      assert.equal(signatureBaseString({ method: 'get', url, parameters: [] }), base)
  })

  test('does not depend on the order in which the parameters come', () => {
    const pairs = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })))
    fc.assert(
      fc.property(pairs, fc.infiniteStream(fc.nat()), (parameters, order) => {
        const shuffled = parameters
          .map((pair) => [order.next().value, pair] as const)
          .sort(([a], [b]) => a - b)
          .map(([, pair]) => pair)
        const sign = (given: typeof parameters) =>
          signatureBaseString({ method: 'POST', url: 'https://a.example/', parameters: given })
        assert.equal(sign(shuffled), sign(parameters))
      }),
      runs,
    )
  })

  test('is the same whether a parameter stands in the query or in the body', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(text, text, (name, value) => {
        const query = new URLSearchParams([[name, value]]).toString()
        assert.equal(
          signatureBaseString({ method: 'GET', url: `https://a.example/x?${query}`, parameters: [] }),
          signatureBaseString({ method: 'GET', url: 'https://a.example/x', parameters: [[name, value]] }),
        )
      }),
      runs,
    )
  })
})

describe('the signature', () => {
  test('is that of the photo example in RFC 5849 §1.2', () => {
    const photos = {
      method: 'GET',
      url: 'http://photos.example.net/photos?file=vacation.jpg&size=original',
      parameters: [
        ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
        ['oauth_token', 'nnch734d00sl2jdk'],
        ['oauth_signature_method', 'HMAC-SHA1'],
        ['oauth_timestamp', '137131202'],
        ['oauth_nonce', 'chapoH'],
      ],
    } as const
    assert.equal(signHmacSha1(photos, 'kd94hf93k423kf44', 'pfkkdhi9sl3r4s00'), 'MdpQcU8iPSUjWoN/UDMsK2sui9I=')
  })

  test('is that of the first steps in RFC 5849 §1.2, without and with a temporary secret', () => {
    const own = (timestamp: string, nonce: string) =>
      [
        ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
        ['oauth_signature_method', 'HMAC-SHA1'],
        ['oauth_timestamp', timestamp],
        ['oauth_nonce', nonce],
      ] as const
    const initiate = {
      method: 'POST',
      url: 'https://photos.example.net/initiate',
      parameters: [
        ...own('137131200', 'wIjqoS'),
        ['oauth_callback', 'http://printer.example.com/ready'] as const,
      ],
    }
    assert.equal(signHmacSha1(initiate, 'kd94hf93k423kf44', ''), '74KNZJeDHnMBp0EMJ9ZHt/XKycU=')
    const token = {
      method: 'POST',
      url: 'https://photos.example.net/token',
      parameters: [
        ...own('137131201', 'walatlh'),
        ['oauth_token', 'hh5s93j4hdidpola'] as const,
        ['oauth_verifier', 'hfdp7dh39dks9884'] as const,
      ],
    }
    assert.equal(signHmacSha1(token, 'kd94hf93k423kf44', 'hdhd0244k9j7ao03'), 'gKgrFCywp7rO0OXSjdot/IHF7IU=')
  })

  test('changes with every part of the request and with each secret', () => {
    const signed = signHmacSha1(RFC_REQUEST, 'client', 'token')
    const others = [
      signHmacSha1({ ...RFC_REQUEST, method: 'PUT' }, 'client', 'token'),
      signHmacSha1({ ...RFC_REQUEST, url: RFC_REQUEST.url.replace('request', 'other') }, 'client', 'token'),
      signHmacSha1({ ...RFC_REQUEST, url: `${RFC_REQUEST.url}&z=1` }, 'client', 'token'),
      signHmacSha1({ ...RFC_REQUEST, parameters: RFC_REQUEST.parameters.slice(1) }, 'client', 'token'),
      signHmacSha1(RFC_REQUEST, 'other', 'token'),
      signHmacSha1(RFC_REQUEST, 'client', ''),
      signHmacSha1(RFC_REQUEST, 'client&token', ''),
    ]
    assert.equal(new Set([signed, ...others]).size, others.length + 1)
  })
})

describe('percent-encoding (RFC 5849 §3.6)', () => {
  test('leaves the unreserved alone and encodes everything else in capitals', () => {
    assert.equal(percentEncode('AZaz09-._~'), 'AZaz09-._~')
    assert.equal(
      percentEncode("!*'()+/ =&%:@,;?#[]$"),
      '%21%2A%27%28%29%2B%2F%20%3D%26%25%3A%40%2C%3B%3F%23%5B%5D%24',
    )
    assert.equal(percentEncode('é☃😀'), '%C3%A9%E2%98%83%F0%9F%98%80')
  })

  test('loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.match(percentEncode(text), /^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/)
        assert.equal(decodeURIComponent(percentEncode(text)), text)
      }),
      runs,
    )
  })
})
