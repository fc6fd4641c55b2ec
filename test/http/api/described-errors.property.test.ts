// Every operation of the description, asked with examples of its own schemas that were spoilt in one or several places:
// each answer is one that the description has, and each error a plain sentence under a code that docs/errors.md has.
// fast-check with a fixed seed against the whole service in process; calls that would wait or stream are asked not to.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../../src/limits.ts'
import { backendOf } from '../../support/person.ts'
import { openWorld, type World } from '../../support/world.ts'
import { NOBODY } from '../support.ts'
import {
  type Description,
  isObject,
  type Json,
  type JsonObject,
  type Operation,
} from './openapi-description.ts'
import '../../support/fixed-seed.ts'

const ERRORS_PAGE = readFileSync(path.join(import.meta.dirname, '../../../docs/errors.md'), 'utf8')
const DOCUMENTED = new Map(
  [...ERRORS_PAGE.matchAll(/^\| \[`(\w+)`\]\(#\w+\) \| (\d+) \|/gm)].map(([, code = '', status]) => [
    code,
    Number(status),
  ]),
)

/** Words of programs that have no place in a sentence for people. */
const OF_PROGRAMS =
  /undefined|\bnull\b|\bNaN\b|\[object|Zod|TypeError|SyntaxError|SQLITE|SQLSTATE|node_modules|\.ts\b|\bstack\b|\{"|expected \w+, received/

/** What nobody should send. Text with a zero byte, half a character or a whole megabyte is among it. */
const SPOILT: readonly Json[] = [
  ...[null, true, false, 0, -1, 1.5, 1e21, 2 ** 53, '', ' ', 'x', 'a\u0000b', '\ud800', '\u202e'],
  ...[
    '__proto__',
    '../..',
    "' or 1=1 --",
    '<script>',
    'a'.repeat(5000),
    '9'.repeat(400),
    'https://[',
    'javascript:1',
  ],
  ...[[], [null], [[]], ['x', 'x'], Array(300).fill('x'), {}, { x: 1 }, { toString: null }],
]

describe('what the description says about errors', () => {
  let world: World
  let description: Description
  let operations: readonly (readonly [method: string, template: string, operation: Operation])[]
  let endUserId: string
  before(async () => {
    world = await openWorld()
    description = (await (await world.app.request('/v1/openapi.json')).json()) as Description // looked at part by part
    operations = Object.entries(description.paths).flatMap(([template, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [method.toUpperCase(), template, operation] as const,
      ),
    )
    endUserId = await backendOf(world).createEndUser()
  })
  after(() => world.close())

  /** A value that fits a schema, as far as its form goes. */
  function exampleOf(schema: Json | undefined): Json {
    if (!isObject(schema)) return 'x'
    const { $ref, allOf, anyOf, type } = schema
    if (typeof $ref === 'string')
      return exampleOf(description.components.schemas[$ref.replace('#/components/schemas/', '')])
    if ('example' in schema) return schema['example'] ?? null
    const choices = schema['enum'] ?? schema['const']
    if (choices !== undefined) return Array.isArray(choices) ? (choices[0] ?? null) : choices
    if (Array.isArray(allOf)) return Object.assign({}, ...allOf.map(exampleOf))
    if (Array.isArray(anyOf)) return exampleOf(anyOf[0])
    const [kind] = [type].flat()
    if (kind === 'object' && isObject(schema['properties']))
      return Object.fromEntries(
        Object.entries(schema['properties']).map(([name, inner]) => [
          name,
          name === 'endUserId' ? endUserId : exampleOf(inner),
        ]),
      )
    if (kind === 'object') return {}
    if (kind === 'array') return [exampleOf(schema['items'])]
    if (kind === 'integer' || kind === 'number') return Math.max(1, Number(schema['minimum'] ?? 1))
    return kind === 'boolean' ? true : 'x'
  }

  /** Every place in a value, the whole of it first. */
  const placesIn = (value: Json): readonly (readonly string[])[] =>
    typeof value !== 'object' || value === null
      ? [[]]
      : [[], ...Object.entries(value).flatMap(([name, one]) => placesIn(one).map((rest) => [name, ...rest]))]

  /** The value with something else in one place; undefined takes the place away. */
  function spoil(value: Json, [name, ...rest]: readonly string[], put: Json | undefined): Json | undefined {
    if (name === undefined) return put
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).flatMap(([key, one]): (readonly [string, Json])[] => {
      const changed = key === name ? spoil(one, rest, put) : one
      return changed === undefined ? [] : [[key, changed]]
    })
    return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries)
  }

  /** The sentence and the code of an error; everything in it that is not as described is a failure. */
  async function assertAsDescribed(response: Response, operation: Operation, call: string): Promise<void> {
    const text = await response.text()
    if (response.ok) return assert.ok(operation.responses[response.status], `${call}: ${response.status}`)
    const shown = `${call} → ${response.status} ${text}`
    assert.equal(response.headers.get('content-type'), 'application/problem+json', shown)
    const problem = JSON.parse(text) as JsonObject // looked at member by member
    const { code, status, detail, errors = [] } = problem
    assert.equal(DOCUMENTED.get(String(code)), response.status, shown)
    assert.ok(status === response.status && response.status < 500, shown)
    assert.ok(Array.isArray(errors) && errors.length <= limits.mistakesTold, shown)
    for (const sentence of [detail, ...errors.map((one) => (isObject(one) ? one['detail'] : null))]) {
      assert.ok(typeof sentence === 'string' && sentence.length < 400, shown)
      assert.match(sentence, /^[A-Za-z][^\n]{8,}(\.|given appID|allowed)$/, shown)
      // What the caller named may be repeated, within bounds; what is said about it is ours.
      assert.doesNotMatch(sentence.replace(/^[^:]{0,90}:|not known here: .*/g, ''), OF_PROGRAMS, shown)
    }
  }

  const seldomNamed = fc.constantFrom('limit', 'cursor', 'locale', 'x')
  const wrongs = fc.array(
    fc.record({ where: fc.nat(), what: fc.option(fc.constantFrom(...SPOILT), { nil: undefined }) }),
    { minLength: 1, maxLength: 3 },
  )

  it('spoilt examples of every operation get a documented code and plain sentences, and never a 5xx', async () => {
    const asked = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        wrongs,
        seldomNamed,
        fc.constantFrom(...SPOILT),
        async (at, all, more, odd) => {
          const [method, template, operation] = operations[at % operations.length] ?? assert.fail()
          const word = (typeof odd === 'string' ? odd : JSON.stringify(odd)).toWellFormed().slice(0, 300)
          const target = template.replace(/\{\w+\}/g, () =>
            encodeURIComponent([endUserId, NOBODY, '11', word || 'x'][at % 4] ?? ''),
          )
          const query = new URLSearchParams()
          for (const one of operation.parameters ?? [])
            if (one.in === 'query' && one.name !== 'wait')
              query.set(one.name, (at >> 2) % 2 === 0 ? word : String(exampleOf(one.schema)))
          if (at % 5 === 0) query.append(more, word)
          const schema = operation.requestBody?.content['application/json']?.schema
          let body: Json | undefined = schema === undefined ? undefined : exampleOf(schema)
          for (const { where, what } of all)
            if (body !== undefined) {
              const places = placesIn(body)
              body = spoil(body, places[where % places.length] ?? [], what)
            }
          const call = `${method} ${target.slice(0, 120)}?${query.toString().slice(0, 200)} ${JSON.stringify(body)?.slice(0, 300)}`
          asked.add(operation.operationId)
          const response = await world.app.request(`/v1${target}?${query}`, {
            method,
            headers: {
              Authorization: 'Bearer sbk_app-a',
              'x-test-address': 'described',
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          })
          await assertAsDescribed(response, operation, call)
        },
      ),
      { numRuns: 1000 },
    )
    assert.deepEqual(
      operations.map(([, , { operationId }]) => operationId).filter((id) => !asked.has(id)),
      [],
      'every operation was asked',
    )
  })
})
