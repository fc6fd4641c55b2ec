// Goal: docs/sandbox.md tells the truth. Method: its examples are sent, its tables compared with the code.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { faultSchema } from '../../src/sandbox/faults/fault.ts'
import { VENDORS } from '../../src/sandbox/index.ts'
import { createTestSandbox } from './harness.ts'

const DOCUMENT = readFileSync(fileURLToPath(new URL('../../docs/sandbox.md', import.meta.url)), 'utf8')

/** The control API's examples: method, path and JSON body. */
const examples = [
  ...DOCUMENT.replaceAll('\\\n', ' ').matchAll(/^curl -s (?:-X (\w+) )?"?\$S(\/_sandbox[^\s"]*)"?(.*)$/gm),
].map(([, method = 'GET', path = '', rest = '']) => ({
  method,
  path,
  body: /-d '([^']+)'/.exec(rest)?.[1],
}))

test('every example of the control API is answered with success', async () => {
  assert.ok(examples.length >= 8)
  const { app } = createTestSandbox()
  for (const { method, path, body } of examples) {
    const json = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }
    const response = await app.request(path, { method, ...json })
    assert.ok(response.ok, `${method} ${path} ${response.status}`)
  }
})

test('every URL of every vendor is listed', () => {
  for (const vendor of VENDORS) {
    const urls = [
      ...vendor.authorization.urls.slice(0, 1),
      ...vendor.token.urls.slice(0, 1),
      ...vendor.revocations.map((rules) => rules.url),
      ...vendor.resources.map((rules) => rules.url),
    ]
    for (const url of urls) assert.ok(DOCUMENT.includes(`/${url}`), url)
  }
})

test('every kind of fault and every switch is listed', () => {
  for (const option of faultSchema.options) {
    const kind = option.shape.kind.value
    assert.ok(DOCUMENT.includes(`| \`${kind}\` |`), kind)
  }
  for (const name of Object.keys(VENDORS[0]?.switches ?? {}))
    assert.ok(DOCUMENT.includes(`\`${name}\``), name)
})
