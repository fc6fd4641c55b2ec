import type { NativeSource } from '../model/source.ts'
import { must } from './expect.ts'
import { ALLOWED, type PhoneBench, type Screen } from './phone-bench.ts'
import { always, type Scenario, without } from './scenario.ts'

type PhoneScenario = Scenario<NativeSource, PhoneBench>

const MINUTE_MS = 60_000

/** What can become of a pairing, and what a paired phone tells. */
export const phoneScenarios: readonly PhoneScenario[] = [
  {
    name: 'a code connects: what the phone allows is what the backend sees',
    appliesTo: always,
    play: async (bench) => {
      const { code, endUserId } = await bench.service.showCode()
      const { phone } = await bench.pair(code, ALLOWED.slice(0, 2))
      must(phone !== null, 'the phone was not paired')
      const connection = await bench.connectionOf(endUserId)
      must(connection.status === 'active', `the connection is ${connection.status}`)
      mustAllow(connection, ALLOWED.slice(0, 2))
    },
  },
  {
    name: 'a code works however it is typed',
    appliesTo: always,
    play: async (bench) => {
      const { code } = await bench.service.showCode()
      const { phone } = await bench.pair(` ${code.replace('-', ' ').toLowerCase()} `)
      must(phone !== null, 'the phone was not paired')
    },
  },
  {
    name: 'a code works once: a second phone is refused, and the first stays paired',
    appliesTo: always,
    play: async (bench) => {
      const { code, endUserId } = await bench.service.showCode()
      const { phone } = await bench.pair(code)
      mustBeRefused(await bench.pair(code))
      const screen = await bench.report(phone ?? '', 'report')
      must(screen.text.includes('This phone is paired'), 'the first phone is not paired any more')
      must((await bench.connectionOf(endUserId)).status === 'active', 'the connection has ended')
    },
  },
  {
    name: 'a wrong code connects nothing, and the right one still does',
    appliesTo: always,
    play: async (bench) => {
      const { code, endUserId } = await bench.service.showCode()
      const last = code.at(-1) === 'B' ? 'C' : 'B'
      for (const wrong of [code.slice(0, -1) + last, 'BCDFG-HJKLM', '', 'not a code'])
        mustBeRefused(await bench.pair(wrong))
      must((await bench.service.connectionsOf(endUserId)).length === 0, 'something is connected')
      must((await bench.pair(code)).phone !== null, 'the right code was refused')
    },
  },
  {
    name: 'a code that has expired connects nothing',
    appliesTo: always,
    play: async (bench) => {
      const { code, endUserId } = await bench.service.showCode()
      bench.service.advance(16 * MINUTE_MS)
      mustBeRefused(await bench.pair(code))
      must((await bench.service.connectionsOf(endUserId)).length === 0, 'something is connected')
    },
  },
  {
    name: 'each person’s code connects that person alone',
    appliesTo: always,
    play: async (bench) => {
      const [one, other] = [await bench.service.showCode(), await bench.service.showCode()]
      must(one.code !== other.code, 'both codes are the same')
      await bench.pair(other.code)
      must((await bench.service.connectionsOf(one.endUserId)).length === 0, 'the wrong person is connected')
      await bench.connectionOf(other.endUserId)
    },
  },
  {
    name: 'nothing allowed on the phone: connected, and all of it known as missing',
    appliesTo: always,
    play: async (bench) => {
      const { code, endUserId } = await bench.service.showCode()
      await bench.pair(code, [])
      mustAllow(await bench.connectionOf(endUserId), [])
    },
  },
  {
    name: 'a report of other permissions changes what the backend sees',
    appliesTo: always,
    play: async (bench) => {
      const { code, endUserId } = await bench.service.showCode()
      const { phone } = await bench.pair(code)
      for (const allowed of [ALLOWED.slice(1), [], ALLOWED]) {
        await bench.report(phone ?? '', 'report', allowed)
        mustAllow(await bench.connectionOf(endUserId), allowed)
      }
    },
  },
  {
    name: 'disconnected on the phone: the connection ends, by the person',
    appliesTo: always,
    play: async (bench) => {
      const { code, endUserId } = await bench.service.showCode()
      const { phone } = await bench.pair(code)
      const screen = await bench.report(phone ?? '', 'disconnect')
      must(screen.text.includes('no longer paired'), 'the phone still takes itself for paired')
      const connection = await bench.connectionOf(endUserId)
      must(connection.status === 'disconnected', `the connection is ${connection.status}`)
      must(connection.disconnectedBy === 'person', `it was ended by ${connection.disconnectedBy}`)
    },
  },
  {
    name: 'disconnected elsewhere: the phone is told at its next report, and nothing comes back to life',
    appliesTo: always,
    play: async (bench) => {
      const { code, endUserId } = await bench.service.showCode()
      const { phone } = await bench.pair(code)
      await bench.service.disconnect((await bench.connectionOf(endUserId)).id)
      const screen = await bench.report(phone ?? '', 'report')
      must(screen.text.includes('no longer paired'), 'the phone was not told')
      must((await bench.connectionOf(endUserId)).status === 'disconnected', 'it lives again')
    },
  },
  without('a vendor that is down, slow or answers rubbish', 'no vendor is asked: the phone calls us'),
  without('renewal', 'nothing that could be renewed is kept'),
  without('disconnect at the vendor', 'nobody is there to be told; the phone learns it at its next report'),
]

function mustBeRefused({ phone, text }: Screen): void {
  must(phone === null, 'the code was taken')
  must(/The service said 4\d\d/.test(text), 'the refusal is not one of the caller’s')
}

function mustAllow(
  seen: { readonly grantedScopes: readonly string[]; readonly missingScopes: readonly string[] },
  allowed: readonly string[],
): void {
  const missing = ALLOWED.filter((name) => !allowed.includes(name))
  must(seen.grantedScopes.join() === allowed.join(), `granted: ${seen.grantedScopes.join(', ') || 'nothing'}`)
  must(seen.missingScopes.join() === missing.join(), `missing: ${seen.missingScopes.join(', ') || 'nothing'}`)
}
