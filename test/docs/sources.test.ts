// Goal: what docs/sources says about a source is what its definition does.
// Method: each page against the definitions: addresses, client names, scopes, dates, ids.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import type { OAuthSource } from '../../src/model/source.ts'
import { sources } from '../../src/sources/index.ts'
import { ROOT } from './markdown.ts'

const defined = [...sources.values()].filter((source): source is OAuthSource => source.kind === 'oauth2')

/** What the pages leave away: what all scopes of one vendor have in common. */
const shortName = (scope: string) =>
  scope.replace(/^https:\/\/www\.googleapis\.com\/auth\/googlehealth\./, '').replace(/\.readonly$/, '')

describe('the page about a source', () => {
  for (const source of defined) {
    const page = readFileSync(path.join(ROOT, `docs/sources/${source.key}.md`), 'utf8')

    it(`names the id and the key of ${source.key}`, () => {
      assert.match(page, new RegExp(`${source.id}, or \`${source.key}\``))
    })

    for (const { vendor, documentation, scopes, revocation } of source.authorizations) {
      it(`tells what to register at ${vendor}, and where that is written`, () => {
        assert.ok(page.includes(`<publicUrl>/callback/${vendor}`), 'the callback')
        assert.ok(page.includes(`"${vendor}": {`), 'the client in the configuration')
        assert.ok(page.includes(documentation.url), 'the documentation')
        assert.ok(page.includes(documentation.checkedOn), 'the date of the check')
      })

      it(`names each scope that ${vendor} is asked for`, () => {
        for (const { value, requested } of scopes)
          if (requested) assert.ok(page.includes(`\`${shortName(value)}\``), value)
      })

      it(`names how ${vendor} is told of a disconnect`, () => {
        if (revocation.kind === 'token' && vendor !== 'fitbit') assert.ok(page.includes(revocation.endpoint))
        else assert.match(page, /revo(cation|king)/i)
      })
    }
  }
})
