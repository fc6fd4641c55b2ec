// The audit log: lines in chains that grow at their ends, whoever appends, and are read in both directions.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AuditLine } from '../../../src/model/audit.ts'
import { appendLines, NOW, newApplication, newAuditEntry } from '../rows.ts'
import { newHex, type Opened, race } from '../support.ts'

const withoutSequence = (lines: readonly AuditLine[]) => lines.map(({ sequence: _, ...line }) => line)

export function auditRules(opened: () => Opened): void {
  describe('the audit log', () => {
    test('lines are kept in order, with their place, those of the service apart', async () => {
      const { storage } = opened()
      const applicationId = newApplication()
      const given = [
        { at: NOW + 9, requestId: newHex(8) },
        { actor: 'end-user', action: 'connection.end', result: 'refused' } as const,
      ]
      const place = (n: number) => ({ chainNumber: n, digest: `digest ${n}` })
      await storage.write((tables) => appendLines(tables, applicationId, given))
      const { audit } = storage.read
      const lines = await audit.list(applicationId, 0, 10)
      assert.deepEqual(
        withoutSequence(lines),
        given.map((line, i) => newAuditEntry(applicationId, { ...line, ...place(i + 1) })),
      )
      assert.deepEqual(await audit.list(applicationId, 0, 1), lines.slice(0, 1))
      assert.deepEqual(await audit.list(applicationId, lines[0]?.sequence ?? 0, 10), lines.slice(1))

      const before = (await audit.findChain(null))?.length ?? 0
      await storage.write((tables) => appendLines(tables, null, [{ action: 'vault.rewrap', object: 'k2' }]))
      const own = (await audit.list(null, 0, 10_000)).filter(({ applicationId: of }) => of === null)
      assert.deepEqual([own.at(-1)?.object, own.at(-1)?.chainNumber], ['k2', before + 1])
      assert.deepEqual(await audit.list(applicationId, 0, 10), lines)
    })

    test('the end of a chain moves with each line, and all ends are listed, that of the service first', async () => {
      const { storage } = opened()
      const { audit } = storage.read
      const applicationId = newApplication()
      assert.equal(await audit.findChain(applicationId), null)
      await storage.write((tables) => appendLines(tables, applicationId, [{}, {}]))
      await storage.write((tables) => appendLines(tables, null))
      const end = { applicationId, unchained: 0, length: 2, digest: 'digest 2', seal: 'seal 2' }
      assert.deepEqual(await audit.findChain(applicationId), end)
      const chains = await audit.chains()
      assert.equal(chains[0]?.applicationId, null)
      assert.deepEqual(
        chains.filter((chain) => chain.applicationId === applicationId),
        [end],
      )
    })

    test('fifty who append at the same time, on two replicas, make one chain without gap or fork', async () => {
      const { storage, replica } = opened()
      const applicationId = newApplication()
      await race(50, [storage, replica], ({ write }) => write((tables) => appendLines(tables, applicationId)))
      const lines = await storage.read.audit.list(applicationId, 0, 100)
      assert.deepEqual(
        lines.map(({ chainNumber }) => chainNumber),
        Array.from({ length: 50 }, (_, i) => i + 1),
      )
      assert.equal((await replica.read.audit.findChain(applicationId))?.length, 50)
    })

    test('a unit that fails leaves its chain as it was', async () => {
      const { storage } = opened()
      const applicationId = newApplication()
      await storage.write((tables) => appendLines(tables, applicationId))
      const broken = storage.write(async (tables) => {
        await appendLines(tables, applicationId)
        throw new Error('no')
      })
      await assert.rejects(broken, /no/)
      assert.equal((await storage.read.audit.list(applicationId, 0, 9)).length, 1)
      assert.equal((await storage.read.audit.findChain(applicationId))?.length, 1)
    })

    test('lines from before there were chains are counted when the chain begins', async () => {
      const { storage, raw } = opened()
      const applicationId = newApplication()
      for (const action of ['a.b', 'c.d'])
        await raw.query(
          `insert into audit_entries (at, actor, application_id, action, object, result) values (${NOW}, 'system', '${applicationId}', '${action}', 'x', 'ok')`,
        )
      await storage.write((tables) => appendLines(tables, applicationId))
      assert.equal((await storage.read.audit.findChain(applicationId))?.unchained, 2)
      const lines = await storage.read.audit.list(applicationId, 0, 9)
      assert.deepEqual(
        lines.map(({ chainNumber }) => chainNumber),
        [null, null, 1],
      )
      assert.deepEqual([lines[0]?.digest, lines[0]?.requestId], [null, null])
    })

    test('the latest lines are found by application, time and object, the newest first', async () => {
      const { storage } = opened()
      const [applicationId, other] = [newApplication(), newApplication()]
      const since = NOW + 1e9
      const given = [
        { at: since - 1, object: 'a' },
        { at: since, object: 'b' },
        { at: since + 1, object: 'c' },
      ]
      await storage.write((tables) => appendLines(tables, applicationId, given))
      await storage.write((tables) => appendLines(tables, other, [{ at: since, object: 'd' }]))
      const latest = async (query: Parameters<typeof storage.read.audit.latest>[0]) =>
        (await storage.read.audit.latest(query)).map(({ object }) => object)
      assert.deepEqual(await latest({ limit: 2 }), ['d', 'c'])
      assert.deepEqual(await latest({ since, limit: 9 }), ['d', 'c', 'b'])
      assert.deepEqual(await latest({ applicationId, limit: 2 }), ['c', 'b'])
      assert.deepEqual(await latest({ applicationId, objects: ['a', 'c', 'd'], limit: 9 }), ['c', 'a'])
    })
  })
}
