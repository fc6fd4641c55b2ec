// Goal: nobody who can write to the database, and has not the vault's key, alters the audit log unnoticed [T124]. Method:
// lines are written by the service's own code, each chain is spoiled in one way past the service, and the check must say
// which line it was.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { appendAudit } from '../../src/broker/audit/append-audit.ts'
import { type AuditProblem, verifyAudit } from '../../src/broker/audit/verify-audit.ts'
import { printAudit, printAuditCheck, readAuditArguments } from '../../src/cli/audit.ts'
import { type ApplicationId, asApplicationId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf } from '../support/person.ts'
import { query } from '../support/rows.ts'

onBothDatabases('the audit log', (world) => {
  let chains = 0
  /** A chain of five lines. */
  const newChain = async (): Promise<ApplicationId> => {
    const applicationId = asApplicationId(`chain-${++chains}`)
    for (let i = 1; i <= 5; i++)
      await world().context.storage.write((tables) =>
        appendAudit(world().context, tables, {
          at: world().now() + i,
          actor: 'application',
          applicationId,
          action: 'redirect-uri.add',
          object: `https://app.example.com/${i}?"ünusual`,
          result: 'ok',
          requestId: null,
        }),
      )
    return applicationId
  }
  const spoil = async (sql: string, ...parameters: string[]) => {
    await query(world(), sql, parameters)
    // What another process has committed is seen in the next round of the event loop.
    await setImmediate()
  }
  const check = async (applicationId: ApplicationId | null) => {
    const report = (await verifyAudit(world().context)).find((one) => one.applicationId === applicationId)
    assert.ok(report, 'the chain is looked at')
    return report
  }
  /** The problems of a chain, in one word or two each. */
  const found = async (applicationId: ApplicationId) => {
    const word = (problem: AuditProblem) => {
      if ('line' in problem) return `${problem.kind} ${problem.line.chainNumber}`
      if (problem.kind === 'missing') return `missing ${problem.from}-${problem.to}`
      return problem.kind
    }
    return (await check(applicationId)).problems.map(word)
  }

  it('is whole after real changes, in which no line has a secret', async () => {
    const backend = backendOf(world())
    const uri = 'https://app-a.example.com/audited'
    await backend.api('POST', '/redirect-uris', { uri })
    await backend.api('DELETE', `/redirect-uris?uri=${encodeURIComponent(uri)}`)
    for (const { problems } of await verifyAudit(world().context)) assert.deepEqual(problems, [])
    const printed: string[] = []
    const wish = readAuditArguments(['--application', 'app-a', '--limit', '2'])
    assert.ok(wish)
    assert.equal(await printAudit(world().context, wish, (line) => printed.push(line)), 0)
    const lines = printed.map((line) => JSON.parse(line) as Record<string, unknown>) // what the command prints is JSON
    assert.deepEqual(
      lines.map(({ digest: _, sequence: __, number: ___, requestId: ____, ...line }) => line),
      ['redirect-uri.add', 'redirect-uri.remove'].map((action) => ({
        time: new Date(world().now()).toISOString(),
        application: 'app-a',
        actor: 'application',
        action,
        object: uri,
        result: 'ok',
      })),
    )
  })

  for (const [column, value] of Object.entries({
    at: '1',
    actor: "'operator'",
    action: "'redirect-uri.remove'",
    object: "'https://app.example.com/4'",
    result: "'refused'",
    request_id: "'another'",
    digest: "'made-up'",
  }))
    it(`says which line has another ${column}`, async () => {
      for (const number of ['3', '5']) {
        const id = await newChain()
        assert.deepEqual(await found(id), [])
        await spoil(
          `update audit_entries set ${column} = ${value} where application_id = ? and chain_number = ${number}`,
          id,
        )
        assert.deepEqual(await found(id), [`altered ${number}`])
      }
    })

  it('says which lines are missing: in the middle, at the beginning, at the end, all', async () => {
    for (const [which, missing] of [
      ['= 3', '3-3'],
      ['in (1, 2)', '1-2'],
      ['= 5', '5-5'],
      ['> 0', '1-5'],
    ]) {
      const id = await newChain()
      await spoil(`delete from audit_entries where application_id = ? and chain_number ${which}`, id)
      assert.deepEqual(await found(id), [`missing ${missing}`])
    }
  })

  it('misses a tail that is cut off with the end of the chain set back', async () => {
    const id = await newChain()
    await spoil('delete from audit_entries where application_id = ? and chain_number = 5', id)
    await spoil(
      `update audit_chains set length = 4, digest = (
        select digest from audit_entries where application_id = ? and chain_number = 4) where application_id = ?`,
      id,
      id,
    )
    assert.deepEqual(await found(id), ['end'])
  })

  it('misses a chain of which nothing is left, and one whose end is gone', async () => {
    const [all, end] = [await newChain(), await newChain()]
    await spoil('delete from audit_entries where application_id = ?', all)
    for (const id of [all, end]) await spoil('delete from audit_chains where application_id = ?', id)
    assert.deepEqual([await found(all), await found(end)], [['end'], ['end']])
  })

  it('finds lines that were slipped in, exchanged, or moved to another chain', async () => {
    const copy = (id: string, number: string) =>
      spoil(
        `insert into audit_entries (at, actor, application_id, action, object, result, chain_number, digest)
          select at, actor, application_id, action, object, result, ${number}, digest from audit_entries
          where application_id = ? and chain_number = 2`,
        id,
      )
    const [unnumbered, repeated, appended] = [await newChain(), await newChain(), await newChain()]
    await copy(unnumbered, 'null')
    await copy(repeated, '2')
    await copy(appended, '6')
    assert.deepEqual(await found(unnumbered), ['unchained null'])
    assert.deepEqual(await found(repeated), ['repeated 2'])
    assert.deepEqual(await found(appended), ['altered 6', 'end'])

    const exchanged = await newChain()
    await spoil(
      'update audit_entries set chain_number = 5 - chain_number where application_id = ? and chain_number in (2, 3)',
      exchanged,
    )
    assert.notDeepEqual(await found(exchanged), [])

    const [to, from] = [await newChain(), await newChain()]
    await spoil(
      'update audit_entries set chain_number = 6 where application_id = ? and chain_number = 5',
      from,
    )
    await spoil(
      'update audit_entries set application_id = ? where application_id = ? and chain_number = 6',
      to,
      from,
    )
    assert.deepEqual([await found(from), await found(to)], [['missing 5-5'], ['altered 6', 'end']])
  })

  it('takes what was there before the chain as it is, but counts it', async () => {
    const id = asApplicationId(`chain-${chains + 1}`)
    const past = () =>
      spoil(
        `insert into audit_entries (at, actor, application_id, action, object, result) values (1, 'system', ?, 'a.b', 'x', 'ok')`,
        id,
      )
    for (let i = 0; i < 3; i++) await past()
    await newChain()
    assert.deepEqual([(await check(id)).unchained, await found(id)], [3, []])
    await spoil(`update audit_entries set object = 'y' where application_id = ? and chain_number is null`, id)
    assert.deepEqual(await found(id), [], 'nothing vouches for those')
    await spoil(
      'delete from audit_entries where application_id = ? and chain_number is null and sequence in ' +
        '(select min(sequence) from audit_entries where application_id = ?)',
      id,
      id,
    )
    assert.deepEqual(await found(id), ['past'])
  })

  it('a chain that the service never began is none', async () => {
    const id = await newChain()
    await spoil(
      `delete from audit_entries where application_id is null and action = 'audit.begin' and object = ?`,
      id,
    )
    assert.deepEqual(await found(id), ['unannounced'])
    const number = (problem: AuditProblem) => (problem.kind === 'missing' ? problem.from : null)
    assert.ok((await check(null)).problems.some((problem) => number(problem) !== null))
  })

  it('the command tells the lines in sentences, and fails', async () => {
    const id = await newChain()
    await spoil(`update audit_entries set object = 'x' where application_id = ? and chain_number = 2`, id)
    const printed: string[] = []
    assert.equal(await printAuditCheck(world().context, (line) => printed.push(line)), 1)
    const sentences = printed.filter((line) => line.startsWith(`${id}: `))
    assert.match(sentences[0] ?? '', /^chain-\d+: 5 lines; the last is 5 [\w-]{43}$/)
    assert.match(
      sentences[1] ?? '',
      /^chain-\d+: line 2 \(sequence \d+, 2026-11-22T09:00:00\.002Z, redirect-uri\.add\) was altered\.$/,
    )
    assert.equal(printed.at(-1), 'The audit log is not what was written.')
  })

  it('what the command cannot read as a wish is refused', () => {
    for (const words of [
      ['--limit', '0'],
      ['--limit', '10001'],
      ['--limit', 'x'],
      ['--since', 'yesterday'],
      ['--since', '2026-13-01'],
      ['--end-user', 'somebody'],
      ['--all'],
      ['extra'],
      ['--application'],
    ])
      assert.equal(readAuditArguments(words), null, words.join(' '))
    assert.deepEqual(readAuditArguments(['--since', '2026-11-22T09:00:00+02:00']), {
      applicationId: null,
      endUserId: null,
      since: Date.UTC(2026, 10, 22, 7),
      limit: 100,
    })
  })
})
