// What an operator may say of sources that are connected by a log-in or on a phone: which ones, and an address that
// opens the app, with the place of the code in it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseConfig } from '../../src/config/index.ts'
import { accountOf, configOf, problemsOf, RULES } from './support.ts'

const rules = {
  ...RULES,
  logInSources: new Set(['freestyle-libre']),
  phoneSources: new Set(['apple-health', 'health-connect']),
}
const read = (more: Record<string, unknown>) => () =>
  parseConfig(configOf({ accounts: [accountOf(more)] }), rules).applications[0]
const problems = (more: Record<string, unknown>) =>
  problemsOf(() => parseConfig(configOf({ accounts: [accountOf(more)] }), rules))
const LINK = 'accounts[0].applications[0].phoneApp.pairingLink: '

describe('sources that are switched on', () => {
  it('are none unless they are named', () => {
    const application = read({})()
    assert.deepEqual([application?.unofficialLogIns.size, application?.phoneApp], [0, null])
  })

  it('are known by key, each of its kind', () => {
    const application = read({
      unofficialLogIns: ['freestyle-libre'],
      phoneApp: { sources: ['apple-health'] },
    })()
    assert.deepEqual([...(application?.unofficialLogIns ?? [])], ['freestyle-libre'])
    assert.deepEqual(application?.phoneApp, { sources: new Set(['apple-health']), pairingLink: null })
    for (const more of [
      { unofficialLogIns: ['strava'] },
      { unofficialLogIns: ['apple-health'] },
      { phoneApp: { sources: ['freestyle-libre'] } },
    ])
      assert.match(problems(more).join('\n'), /must be the key of a source of this kind; there are /)
    assert.match(problems({ phoneApp: { sources: [] } }).join('\n'), /needs at least one source/)
  })
})

describe('the address that opens the app', () => {
  const linked = (pairingLink: string) => problems({ phoneApp: { sources: ['apple-health'], pairingLink } })

  for (const link of [
    'https://app.example.com/pair?code={code}',
    'https://app.example.com/pair/{code}',
    'myapp://pair?code={code}&from=springbar',
    'com.example.app:/pair?c={code}',
    'http://localhost:8081/phone?code={code}',
  ])
    it(`may be ${link}`, () => assert.deepEqual(linked(link), []))

  for (const [link, reason] of [
    ['https://app.example.com/pair', /must contain \{code\} exactly once/],
    ['https://app.example.com/{code}?code={code}', /must contain \{code\} exactly once/],
    ['https://{code}.example.com/pair', /must have \{code\} in its path or query/],
    ['{code}://pair', /must have \{code\} in its path or query/],
    ['myapp://{code}', /must have \{code\} in its path or query/],
    ['http://app.example.com/pair?code={code}', /./],
    ['javascript:alert(1)//{code}', /./],
    ['data:text/html,{code}', /./],
    ['/pair?code={code}', /./],
    ['https://connect.example.org/pair?code={code}', /./],
    ['https://app.example.com/pair?code={code}#x', /characters in its query/],
    ['https://app.example.com/pair?code={code}&a=<b>', /characters in its query/],
  ] as const)
    it(`is not ${link}`, () => {
      const [problem = '', ...more] = linked(link)
      assert.deepEqual(more, [])
      assert.ok(problem.startsWith(LINK), problem)
      assert.match(problem, reason)
    })
})
