// `springbar serve` as an operator meets it: it serves, or says in one sentence why not and leaves everything as it was.
// Real processes, a real file, a real port.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { API_KEY, newKey, newPlace, type Place } from './serving.ts'
import { run } from './support.ts'

const createUser = async ({ port }: Place): Promise<unknown> => {
  const response = await fetch(`http://localhost:${port}/v1/users`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ partnerUserId: 'kept' }),
  })
  assert.equal(response.status, 200)
  const { id } = (await response.json()) as { id: string } // our own API's answer
  return id
}

const digestOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** One line, a sentence or two in plain words, and no stack. */
function assertOneSentence(text: string, pattern: RegExp): void {
  assert.match(text, pattern)
  assert.match(text, /^[A-Z][^\n]+\.\n$/)
  assert.doesNotMatch(text, /\bat .+:\d+:\d+/)
}

describe('springbar serve', () => {
  it('serves until it is told to stop, then starts again where it was', async () => {
    const place = await newPlace()
    const first = await place.serve()
    for (const probe of ['/healthz', '/readyz']) {
      const response = await fetch(`http://localhost:${place.port}${probe}`)
      assert.deepEqual([response.status, await response.text()], [200, 'ok'])
    }
    const id = await createUser(place)
    first.signal('SIGTERM')
    assert.deepEqual(await first.ended, { code: 0, signal: null })
    assert.equal(first.err(), '')

    const second = await place.serve()
    assert.equal(await createUser(place), id)
    second.signal('SIGINT')
    assert.deepEqual(await second.ended, { code: 0, signal: null })
  })

  it('logs one JSON line for each thing that an operator should know, once per start [T076]', async () => {
    const place = await newPlace()
    const service = await place.serve()
    await service.says(/bind is auto/)
    await fetch(`http://localhost:${place.port}/readyz`, { headers: { 'X-Forwarded-For': '192.0.2.1' } })
    for (let i = 0; i < 2; i++)
      await fetch(`http://localhost:${place.port}/v1/users`, { headers: { 'X-Forwarded-For': '192.0.2.1' } })
    await service.says(/forwarded headers arrived and are ignored/)
    service.signal('SIGTERM')
    await service.ended
    const lines = service
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>) // looked at below
    const messages = lines.map(({ msg }) => msg)
    for (const said of [/is serving/, /bind is auto/, /forwarded headers/])
      assert.equal(messages.filter((message) => said.test(String(message))).length, 1, String(said))
    assert.equal(lines.find(({ msg }) => /bind is auto/.test(String(msg)))?.['applications'], 'app')
    assert.ok(!service.out().includes(API_KEY))
  })

  it('refuses a key that does not open the database in one sentence, and overwrites nothing [T103]', async () => {
    const place = await newPlace()
    const first = await place.serve()
    const id = await createUser(place)
    first.signal('SIGTERM')
    await first.ended
    const before = digestOf(place.databaseFile)

    for (const key of [newKey(), { ...newKey(), id: 'k2' }]) {
      const refused = await run(['serve'], place.environment({ key }))
      assert.deepEqual([refused.code, refused.out], [1, ''])
      assertOneSentence(refused.err, /^The vault keys do not open this database\./)
      assert.ok(!refused.err.includes(key.key))
    }
    assert.equal(digestOf(place.databaseFile), before)

    const again = await place.serve()
    assert.equal(await createUser(place), id)
    again.signal('SIGTERM')
    await again.ended
  })

  it('a key is replaced without a stop of the service, and leaves the configuration afterwards [T102]', async () => {
    const place = await newPlace()
    const [former, next] = [newKey(), { ...newKey(), id: 'k2' }]
    const first = await place.serve({ keys: [former] })
    const id = await createUser(place)
    first.signal('SIGTERM')
    await first.ended

    const keys = [next, former]
    const second = await place.serve({ keys })
    const before = await run(['keys', 'verify'], place.environment({ keys }))
    assert.deepEqual(
      [before.code, before.out, before.err],
      [0, 'k1 wraps 1 in all\n  the pepper of the digests, wrapped last: 1\n', ''],
    )
    const done = await run(['keys', 'rewrap'], place.environment({ keys }))
    assert.deepEqual([done.code, done.err], [0, ''])
    assert.match(
      done.out,
      /^wrapped anew: the pepper[^\n]*: 1\nk2 wraps 1 in all\n {2}the pepper[^\n]*: 1\nEverything is under the first key\./,
    )
    assert.equal(await createUser(place), id, 'the service did not notice')
    second.signal('SIGTERM')
    await second.ended

    const third = await place.serve({ keys: [next] })
    assert.equal(await createUser(place), id)
    third.signal('SIGTERM')
    await third.ended
    const refused = await run(['serve'], place.environment({ keys: [former] }))
    assertOneSentence(refused.err, /^The vault keys do not open this database\./)
  })

  it('a taken port is one sentence that names it', async () => {
    const place = await newPlace()
    const first = await place.serve()
    const other = await newPlace()
    const second = await run(['serve'], { ...other.environment(), PORT: String(place.port) })
    assert.deepEqual([second.code, second.out], [1, ''])
    assertOneSentence(second.err, new RegExp(`^Port ${place.port} is taken\\.`))
    assert.equal((await fetch(`http://localhost:${place.port}/readyz`)).status, 200, 'the first goes on')
    first.signal('SIGTERM')
    await first.ended
  })

  it('a data folder that cannot be written is one sentence that names the file', async () => {
    const place = await newPlace()
    const { SPRINGBAR_CONFIG = '' } = place.environment()
    const file = path.join(SPRINGBAR_CONFIG, 'springbar.db')
    const refused = await run(['serve'], place.environment({ database: `sqlite:${file}` }))
    assert.deepEqual([refused.code, refused.out], [1, ''])
    assertOneSentence(
      refused.err,
      /^The database file .+ cannot be written: check its folder's owner and rights\.$/m,
    )
    assert.ok(refused.err.includes(file))
  })

  it('a PostgreSQL that does not answer is one sentence, without its password', async () => {
    const place = await newPlace()
    const refused = await run(
      ['serve'],
      place.environment({ database: 'postgres://u:Canary-Word@127.0.0.1:1/springbar' }),
    )
    assert.deepEqual([refused.code, refused.out], [1, ''])
    assertOneSentence(refused.err, /^PostgreSQL does not answer/)
    assert.ok(!refused.err.includes('Canary'))
  })

  it('a redirect URI that was taken out of the configuration is gone at the next start, with an audit line', async () => {
    const place = await newPlace()
    const both = ['https://app.example.com/stays', 'https://app.example.com/goes']
    const listed = async () => {
      const response = await fetch(`http://localhost:${place.port}/v1/redirect-uris`, {
        headers: { Authorization: `Bearer ${API_KEY}` },
      })
      const { data } = (await response.json()) as { data: { uri: string }[] } // our own API's list
      return data.map(({ uri }) => uri)
    }
    for (const redirectUris of [both, both.slice(0, 1), both.slice(0, 1)]) {
      const service = await place.serve({ redirectUris })
      assert.deepEqual(await listed(), redirectUris.toSorted())
      service.signal('SIGTERM')
      await service.ended
    }
    const database = new DatabaseSync(place.databaseFile, { readOnly: true })
    const lines = database
      .prepare(
        "select actor, application_id, action, object, result from audit_entries where action <> 'audit.begin'",
      )
      .all()
    database.close()
    assert.deepEqual(
      lines.map((line) => ({ ...line })),
      [
        {
          actor: 'operator',
          application_id: 'app',
          action: 'redirect-uri.remove-from-configuration',
          object: both[1],
          result: 'ok',
        },
      ],
    )
  })
})

describe('the other verbs', () => {
  it('serve and check-config name every fault of the configuration, and start nothing', async () => {
    for (const verb of ['serve', 'check-config']) {
      const { code, out, err } = await run([verb], {
        SPRINGBAR_PUBLIC_URL: 'http://connect.example.org',
        PORT: 'x',
      })
      assert.deepEqual([code, out], [1, ''])
      assert.deepEqual(
        err
          .trim()
          .split('\n')
          .map((line) => line.slice(0, line.indexOf(': '))),
        ['publicUrl', 'listen.port', 'database', 'keys', 'accounts'],
      )
    }
  })

  it('check-config says that a configuration is in order, and touches no database', async () => {
    const place = await newPlace()
    const { code, out, err } = await run(['check-config'], place.environment())
    assert.deepEqual([code, out, err], [0, 'The configuration is in order.\n', ''])
    assert.ok(!existsSync(place.databaseFile))
  })

  it('keys new and secret new print what the configuration takes, another one each time', async () => {
    const printed = await Promise.all([
      run(['keys', 'new']),
      run(['keys', 'new']),
      run(['secret', 'new']),
      run(['secret', 'new']),
    ])
    assert.ok(printed.every(({ code, err }) => code === 0 && err === ''))
    const [key, otherKey, secret, otherSecret] = printed.map(({ out }) => out.trim())
    const [entry = '', variable] = (key ?? '').split('\n')
    const { id, key: bytes } = JSON.parse(entry) as { id: string; key: string } // checked in the next lines
    assert.equal(variable, `SPRINGBAR_KEYS=${id}:${bytes}`)
    assert.match(id, /^k\d{8}$/)
    assert.equal(Buffer.from(bytes, 'base64').length, 32)
    assert.notEqual(key, otherKey)
    assert.match(secret ?? '', /^[A-Za-z0-9_-]{43}$/)
    assert.notEqual(secret, otherSecret)
  })

  it('an unknown verb, and help, get the list of verbs', async () => {
    for (const [words, code] of [
      [['start'], 2],
      [['serve', 'now'], 2],
      [['help'], 0],
      [['--help'], 0],
      [[], 0],
    ] as const) {
      const told = await run(words)
      assert.equal(told.code, code, words.join(' '))
      for (const verb of [
        'serve',
        'check-config',
        'try',
        'keys new',
        'keys verify',
        'keys rewrap',
        'secret new',
      ])
        assert.ok((code === 0 ? told.out : told.err).includes(`springbar ${verb}`))
    }
  })
})
