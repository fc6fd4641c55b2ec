// Goal: what is wrong with a body is said in a plain sentence for every kind of fault, and never in a library's own words.
// Method: schemas with one fault each, and the table of what people read.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { invalidField } from '../../src/http/invalid-field.ts'
import { limits } from '../../src/limits.ts'

const OPTIONS = ['connected', 'disconnected'] as const
const CASES: readonly (readonly [string, z.ZodType, unknown, string])[] = [
  ['a missing field', z.strictObject({ name: z.string() }), {}, 'name is missing.'],
  ['no body at all', z.strictObject({}), null, 'The body: must be an object.'],
  ['a wrong type', z.object({ name: z.string() }), { name: 7 }, 'name: must be a text.'],
  [
    'a wrong type in a list',
    z.object({ a: z.array(z.boolean()) }),
    { a: [1] },
    'a.0: must be true or false.',
  ],
  ['no whole number', z.object({ n: z.int() }), { n: 1.5 }, 'n: must be a whole number.'],
  [
    'too long',
    z.object({ name: z.string().max(3) }),
    { name: 'long' },
    'name: must have at most 3 characters.',
  ],
  ['too short', z.object({ name: z.string().min(1) }), { name: '' }, 'name: must have at least 1 character.'],
  ['too many', z.object({ a: z.array(z.int()).max(1) }), { a: [1, 2] }, 'a: must have at most 1 entry.'],
  ['too few', z.object({ a: z.array(z.int()).min(2) }), { a: [1] }, 'a: must have at least 2 entries.'],
  ['too large', z.object({ n: z.int().max(9) }), { n: 10 }, 'n: must be at most 9.'],
  ['too small', z.object({ n: z.number().gt(0) }), { n: 0 }, 'n: must be more than 0.'],
  [
    'an unknown option',
    z.object({ types: z.array(z.enum(OPTIONS)) }),
    { types: ['x'] },
    'types.0: must be one of connected, disconnected.',
  ],
  ['the only option', z.object({ kind: z.literal('a') }), { kind: 'b' }, 'kind: must be a.'],
  [
    'an option of very many',
    z.object({ kind: z.enum(Array.from({ length: 11 }, (_, at) => `k${at}`)) }),
    { kind: 'b' },
    'kind: is none of the values that are allowed here.',
  ],
  [
    'an unknown field',
    z.strictObject({}),
    { colour: 1 },
    'The body: has a field that is not known here: colour.',
  ],
  [
    'a bad format',
    z.object({ at: z.iso.datetime() }),
    { at: 'today' },
    'at: does not have the right format.',
  ],
  ['a bad address', z.object({ url: z.url() }), { url: 'x' }, 'url: does not have the right format.'],
  [
    'a pattern',
    z.object({ id: z.string().regex(/^a$/) }),
    { id: 'b' },
    'id: does not have the right format.',
  ],
  [
    'no way that fits',
    z.object({ v: z.union([z.string(), z.int()]) }),
    { v: [] },
    'v: does not have the right format.',
  ],
  ['a bad name', z.record(z.string().regex(/^a$/), z.int()), { b: 1 }, 'b: has a name that is not allowed.'],
  ['no multiple', z.object({ n: z.number().multipleOf(5) }), { n: 3 }, 'n: must be a multiple of 5.'],
  [
    'a rule of ours',
    z.object({ n: z.string().refine(() => false, 'must be a name') }),
    { n: '' },
    'n: must be a name.',
  ],
]

describe('what is wrong with a body', () => {
  for (const [name, schema, body, expected] of CASES)
    it(`is a plain sentence: ${name}`, () => {
      const read = schema.safeParse(body)
      assert.ok(!read.success)
      const { code, detail } = invalidField(read.error)
      assert.deepEqual([code, detail], ['invalid_request', expected])
    })

  const Several = z.strictObject({
    name: z.string(),
    sizes: z.array(z.int()),
    kind: z.enum(OPTIONS).optional(),
  })

  it('all of it is said in one answer, the first in the sentence too', () => {
    const read = Several.safeParse({ name: 7, sizes: [1, 'x', 2.5], colour: 1 })
    assert.ok(!read.success)
    const { detail, extra } = invalidField(read.error)
    assert.equal(detail, 'name: must be a text. There are 3 more mistakes: see errors.')
    assert.deepEqual(extra, {
      errors: [
        { field: 'name', detail: 'name: must be a text.' },
        { field: 'sizes.1', detail: 'sizes.1: must be a number.' },
        { field: 'sizes.2', detail: 'sizes.2: must be a whole number.' },
        { field: '', detail: 'The body: has a field that is not known here: colour.' },
      ],
    })
  })

  it('of very many mistakes the answer has a bounded number, and says how many there are', () => {
    const read = Several.safeParse({ name: '', sizes: Array(5000).fill('x') })
    assert.ok(!read.success)
    const { detail, extra } = invalidField(read.error)
    assert.equal(detail, 'sizes.0: must be a number. There are 4999 more mistakes: see errors.')
    assert.equal((extra['errors'] as unknown[]).length, limits.mistakesTold)
  })
})
