// Goal: `serve` and `check-config` refuse secrets that somebody can guess, and never one that was drawn. Method: what people put
// into such a setting; and some thousand texts of 128 and 256 random bits in the usual spellings, from a seed.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mayHoldRandomBits } from '../../src/model/secret-strength.ts'
import { seededRandom } from '../support/seeded-random.ts'

const GUESSABLE = [
  '',
  'hunter2',
  'a'.repeat(64),
  'ab'.repeat(40),
  'password-password-password-123',
  'Password1234567890Password',
  'abcdefghijklmnopqrstuvwxyz',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  '0123456789'.repeat(4),
  'qwertyuiopasdfghjklzxcvbnm',
  'zyxwvutsrqponmlkjihgfedcba987654321',
  'Tr0ub4dor&3Tr0ub4dor&3Tr0ub4dor&3',
  'correct-horse-battery-staple',
  'CorrectHorseBatteryStapleAgain2026',
  'my-company-production-secret-2026',
  'change-me-change-me-change-me-please',
  '31415926535897932384626433',
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
]

describe('secrets', () => {
  for (const text of GUESSABLE)
    it(`that can be guessed are refused: ${text.slice(0, 40)}`, () => {
      assert.equal(mayHoldRandomBits(text), false)
    })

  for (const [spelling, bytes, encode] of [
    ['springbar secret new', 32, (drawn: Buffer) => drawn.toString('base64url')],
    ['openssl rand -base64 16', 16, (drawn: Buffer) => drawn.toString('base64')],
    ['16 bytes in base64url', 16, (drawn: Buffer) => drawn.toString('base64url')],
    ['openssl rand -hex 16', 16, (drawn: Buffer) => drawn.toString('hex')],
    ['24 bytes behind whsec_', 24, (drawn: Buffer) => `whsec_${drawn.toString('base64')}`],
  ] as const)
    it(`that were drawn are taken: ${spelling}`, () => {
      const random = seededRandom(spelling)
      for (let i = 0; i < 5_000; i++) {
        const text = encode(Buffer.from(random(bytes)))
        assert.equal(mayHoldRandomBits(text), true, text)
      }
    })

  it('ten drawn words are taken, and what stands around a drawn text does not spoil it', () => {
    assert.ok(mayHoldRandomBits('fjord-lemon-quartz-biscuit-velvet-otter-magnet-plume-cactus-drum'))
    assert.ok(mayHoldRandomBits('my-company-production-secret-Zq1wLk4RtYb7VmXs2HdJc9GfPe'))
  })
})
