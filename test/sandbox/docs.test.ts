// Goal: docs/sandbox.md and docs/sandbox-vendors.md tell the truth. Method: the examples are sent, the tables compared
// with the code.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sandboxClients, sandboxVendors } from '../../src/main/sandbox-vendors.ts'
import { BUTTONS } from '../../src/sandbox/control/buttons.ts'
import { LOG_IN_BUTTONS, OAUTH1_BUTTONS } from '../../src/sandbox/control/protocol-buttons.ts'
import { faultSchema } from '../../src/sandbox/faults/fault.ts'
import { OAUTH1_VENDORS } from '../../src/sandbox/oauth1/vendors.ts'
import { BRINGINGS, REPORTS } from '../../src/sandbox/phone/phone-acts.ts'
import { switchesSchema } from '../../src/sandbox/switches/switches.ts'
import { OPERATIONS } from '../../src/sandbox/vendor.ts'
import { sources } from '../../src/sources/index.ts'
import { createTestSandbox } from './harness.ts'

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const DOCUMENT = read('sandbox.md')
const VENDOR_LIST = read('sandbox-vendors.md')
const { vendors } = sandboxVendors(sources)

/** The control API's examples: method, path and JSON body. */
const examples = [
  ...DOCUMENT.replaceAll('\\\n', ' ').matchAll(/^curl -s (?:-X (\w+) )?"?\$S(\/_sandbox[^\s"]*)"?(.*)$/gm),
].map(([, method = 'GET', path = '', rest = '']) => ({
  method,
  path,
  body: /-d '([^']+)'/.exec(rest)?.[1],
}))

test('every example of the control API is answered with success, from top to bottom', async () => {
  assert.ok(examples.length >= 17)
  const clients = sandboxClients(sources, 'http://localhost:8080')
  const fetch = async () => new Response(null, { status: 200 })
  const { app } = createTestSandbox({ vendors, clients, fetch })
  for (const { method, path, body } of examples) {
    const json = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }
    const response = await app.request(path, { method, ...json })
    assert.ok(response.ok, `${method} ${path} ${response.status}`)
  }
})

for (const vendor of vendors) {
  test(`the addresses of ${vendor.name} are listed`, () => {
    assert.ok(VENDOR_LIST.includes(`(\`${vendor.key}\`)`))
    const urls = [
      ...vendor.authorization.urls.slice(0, 1),
      ...vendor.token.urls.slice(0, 1),
      ...vendor.revocations.map((rules) => rules.url),
    ]
    for (const url of urls) assert.ok(VENDOR_LIST.includes(`/${url}`), url)
  })
}

for (const vendor of OAUTH1_VENDORS) {
  test(`the addresses of ${vendor.name} are listed`, () => {
    assert.ok(VENDOR_LIST.includes(`(\`${vendor.key}\`)`))
    const ends = vendor.resources.filter(({ does }) => does === 'end').map(({ url }) => url)
    for (const url of [vendor.temporaryCredentialUrl, vendor.authorizationUrl, vendor.tokenUrl, ...ends])
      assert.ok(VENDOR_LIST.includes(`/${url}`), url)
  })
}

test('every button of the phone is listed', () => {
  for (const does of [...BRINGINGS, ...REPORTS]) assert.ok(DOCUMENT.includes(`| \`${does}\` |`), does)
})

test('every kind of fault, every operation and every button is listed', () => {
  for (const option of faultSchema.options) {
    const kind = option.shape.kind.value
    assert.ok(DOCUMENT.includes(`| \`${kind}\` |`), kind)
  }
  for (const operation of OPERATIONS) assert.ok(DOCUMENT.includes(`\`${operation}\``), operation)
  for (const { key, label } of [...BUTTONS, ...OAUTH1_BUTTONS, ...LOG_IN_BUTTONS])
    assert.ok(DOCUMENT.includes(`| ${label} | \`${key}\` |`), key)
})

for (const [name, schema] of Object.entries(switchesSchema.shape)) {
  test(`the switch ${name} is listed with its values`, () => {
    const row = DOCUMENT.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
    assert.ok(row)
    const values = 'options' in schema ? schema.options : []
    for (const value of values) assert.ok(row.includes(`\`${value}\``), value)
  })
}
