// Goal: a caller's query reaches its page untouched, and cannot pass for our answer at any receiver.
// Method: tables of names in the spellings that some receiver would fold into a reserved one, and of their neighbours.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  findRedirectQueryProblem,
  looksLikeRedirectUri,
} from '../../../src/broker/redirect-uris/redirect-uri-query.ts'

const codeOf = (query: string) => findRedirectQueryProblem(query)?.code ?? null

describe('the query of a redirect URI', () => {
  it('may be empty, or hold pairs of any form', () => {
    for (const query of [
      '',
      '&',
      '&&&',
      '=',
      '=&=',
      'a',
      'a=',
      '=a',
      'a=b=c',
      'a&a',
      ';',
      ';;',
      '%20',
      '+',
      '?',
    ]) {
      assert.equal(codeOf(query), null, query)
    }
  })

  it('may use names that only resemble ours', () => {
    const names =
      'tok toke tokens token2 token_ _token x-token mytoken access_token csrf-token stat states statecode code2 zipcode promo.code xcode iss2 issue result_ results error2 errors error-code error_code connect connected2 connectedAt isConnected redirect redirect_url redirecturi uri session sessionToken data source sources data_sources dataSourceId mydataSource x.dataSource x%5BdataSource%5D x%5Btoken%5D %24state %2Ecode'
    for (const name of names.split(' ')) assert.equal(codeOf(`${name}=1`), null, name)
  })

  it('may say anything in its values', () => {
    for (const value of [
      'token',
      'token%3D1',
      'a%26token%3D1',
      'dataSource',
      'connected=true',
      '%2525',
      '%E2%80%8B',
    ]) {
      assert.equal(codeOf(`x=${value}`), null, value)
    }
  })

  it('is refused for the first problem that it has', () => {
    assert.equal(codeOf('x=%&token=1'), 'query_malformed_encoding')
    assert.equal(codeOf('x=%0a&token=1'), 'query_control_character')
    assert.equal(codeOf('token=1&x=%'), 'query_reserved_name')
    assert.equal(codeOf('datasource=1&token=1'), 'query_data_source_variant')
    assert.equal(codeOf('dataSource=1&dataSource=1'), 'query_data_source_repeated')
  })

  it('names the reserved word in our spelling, not the caller’s', () => {
    for (const [query, name] of [
      ['ToKeN%5B%5D=secret', 'token'],
      ['Connection_Session_Token=1', 'connection_session_token'],
      ['error.description=1', 'error'],
      ['redirect.uri=1', 'redirect_uri'],
      ['x;%2569ss', 'iss'],
    ] as const) {
      assert.deepEqual(findRedirectQueryProblem(query), { code: 'query_reserved_name', name }, query)
    }
  })

  it('allows exactly dataSource, once, and none of its variants', () => {
    for (const query of [
      'dataSource=1',
      'dataSource',
      'dataSource=',
      'a=1&dataSource=x&b=2',
      'dataSource=dataSource',
    ]) {
      assert.equal(codeOf(query), null, query)
    }
    for (const name of [
      'datasource',
      'data_source',
      'data-source',
      'dataSource%5B%5D',
      '%64ataSource',
      '+dataSource',
    ]) {
      assert.equal(codeOf(`${name}=1`), 'query_data_source_variant', name)
      assert.equal(codeOf(`dataSource=1&${name}=1`), 'query_data_source_variant', name)
    }
  })

  it('may nest encodings and separators as deep as it is long', () => {
    // no receiver decodes that often, and a pattern that went back and forth would not come to an end here
    for (const query of [
      `${'%25'.repeat(341)}=1`,
      `%${'25'.repeat(511)}74oken=1`,
      `${'%5B'.repeat(341)}=1`,
      `${'+'.repeat(1023)}x`,
      `${'.'.repeat(1024)}`,
      `${';'.repeat(1024)}`,
    ]) {
      assert.equal(codeOf(query), null, query.slice(0, 20))
    }
  })
})

describe('a disguised redirect_uri', () => {
  it('is told from names that merely contain it', () => {
    for (const name of [
      'redirect',
      'redirect_url',
      'redirect_uris',
      'redirect_uri2',
      'my_redirect_uri',
      'post_redirect_uri',
      '',
    ]) {
      assert.equal(looksLikeRedirectUri(name), false, name)
    }
    for (const name of [
      'redirect_uri',
      'redirectUri',
      'REDIRECT-URI',
      'redirect_uri[a]',
      'redirect%5furi',
      ' redirect_uri',
    ]) {
      assert.equal(looksLikeRedirectUri(name), true, name)
    }
  })
})
