// Goal: what the documentation shows runs as it stands.
// Method: each JavaScript block of docs/sdk.md as a program of its own, against the recorded stand-in.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type DocumentedService, startDocumentedService } from '../examples/documented-service.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const BLOCKS = [...readFileSync(path.join(ROOT, 'docs/sdk.md'), 'utf8').matchAll(/```js\n(.*?)```/gs)].map(
  (match) => match[1] ?? '',
)
/** What each block prints, in the order of the page. */
const PRINTED = [
  /^http:\/\/localhost:8080\/dataSourceDirectConnection\.html\?token=\d+X\d+&dataSource=11&redirect_uri=http%3A%2F%2Flocalhost%3A8082%2Fconnected\n\[\]\n$/,
  /^true\n$/,
  /^http:\/\/localhost:8080\/dataSourceDirectRevoke\.html\?token=\d+X\d+&dataSource=11&direct=true\ntrue\n$/,
]

describe('docs/sdk.md', () => {
  let service: DocumentedService
  before(async () => {
    service = await startDocumentedService()
  })
  after(() => service.close())

  it('has as many programs as are tried here', () => assert.equal(BLOCKS.length, PRINTED.length))

  for (const [index, program] of BLOCKS.entries()) {
    it(`runs program ${index + 1}`, async () => {
      const base = `apiUrl: '${service.apiUrl}',\n  directUrl: '${service.directUrl}'`
      const text = program.replace("apiUrl: 'http://localhost:8080'", base)
      const child = spawn(
        process.execPath,
        ['--conditions=springbar-source', '--input-type=module', '--eval', text],
        { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
      )
      let out = ''
      let err = ''
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        out += part
      })
      child.stderr.setEncoding('utf8').on('data', (part: string) => {
        err += part
      })
      const [code] = await once(child, 'close')
      assert.equal(code, 0, err)
      assert.match(out.replaceAll(service.directUrl, 'http://localhost:8080'), PRINTED[index] ?? /never/)
      assert.deepEqual(service.violations, [])
    })
  }
})
