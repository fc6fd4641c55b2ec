// Where settings come from: the file, variables named in it, and variables laid over it. Real files, an environment of the test's own.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from '../../src/config/index.ts'
import {
  accountOf,
  configFile,
  configOf,
  fromVariable,
  KEY,
  OTHER_KEY,
  problemsOf,
  RULES,
  readFileWith,
  secretText,
} from './support.ts'

const problemsWith = (environment: Record<string, string>) => problemsOf(() => readConfig(environment, RULES))

describe('the configuration file', () => {
  it('gives its settings, and the defaults for what it leaves out', () => {
    const config = readFileWith(configOf({ listen: { port: 9000 } }))
    assert.deepEqual(config.listen, { host: '127.0.0.1', port: 9000 })
    assert.deepEqual(config.urls, {
      api: 'https://connect.example.org',
      widget: 'https://connect.example.org',
      direct: 'https://connect.example.org',
    })
    assert.deepEqual(config.trustedProxies, [])
    assert.deepEqual(
      config.applications.map(({ id, sessionLifetimeSeconds }) => [id, sessionLifetimeSeconds]),
      [['app', 3600]],
    )
  })

  it('binds as confirm where there is a page for that, as auto where there is none, and as it says [T076]', () => {
    const verifyUrl = 'https://app.example.com/verify'
    const bindingOf = (more: Record<string, unknown>) =>
      readFileWith(configOf({ accounts: [accountOf(more)] })).applications[0]?.binding
    assert.deepEqual(bindingOf({}), { kind: 'auto' })
    assert.deepEqual(bindingOf({ bind: 'page' }), { kind: 'page' })
    assert.deepEqual(bindingOf({ verifyUrl }), { kind: 'confirm', verifyUrl, exchange: null })
    assert.deepEqual(bindingOf({ verifyUrl, bind: 'confirm', exchange: 'after-confirm' }), {
      kind: 'confirm',
      verifyUrl,
      exchange: 'after-confirm',
    })
    assert.deepEqual(bindingOf({ verifyUrl, bind: 'auto' }), { kind: 'auto' })
    assert.deepEqual(bindingOf({ verifyUrl, bind: 'page' }), { kind: 'page' })
  })

  it('may give each of the three hosts a public URL of its own', () => {
    const { urls } = readFileWith(
      configOf({ publicUrls: { api: 'https://api.example.org', widget: 'https://widget.example.org/' } }),
    )
    assert.deepEqual(urls, {
      api: 'https://api.example.org',
      widget: 'https://widget.example.org',
      direct: 'https://connect.example.org',
    })
  })

  it('that is missing or no JSON is one sentence with its path, and nothing of its content', () => {
    const [absent] = problemsWith({ SPRINGBAR_CONFIG: '/nowhere/springbar.json' })
    assert.equal(absent, 'The configuration file /nowhere/springbar.json cannot be read.')
    const broken = configFile(`{"keys": [{"key": "${KEY}" "id"`)
    assert.deepEqual(problemsWith({ SPRINGBAR_CONFIG: broken }), [
      `The configuration file ${broken} is not valid JSON: line 1, column 66.`,
    ])
    for (const content of ['[]', 'null', '"text"', '7'])
      assert.deepEqual(problemsWith({ SPRINGBAR_CONFIG: configFile(content) }), [
        'The configuration file must hold one JSON object.',
      ])
  })

  it('with a vault key in it must be for its owner alone [T104]', () => {
    const path = configFile(configOf(), 0o640)
    assert.deepEqual(problemsWith({ SPRINGBAR_CONFIG: path }), [
      `The configuration file ${path} holds a vault key and can be read by others: chmod 600 it, or write "\${NAME}".`,
    ])
    const referring = configFile(configOf({ keys: [{ id: 'k1', key: fromVariable('VAULT_KEY') }] }), 0o644)
    assert.deepEqual(problemsWith({ SPRINGBAR_CONFIG: referring, VAULT_KEY: KEY }), [])
  })

  it('nested deeper than any setting is refused, not followed', () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
    const problems = problemsWith({ SPRINGBAR_CONFIG: configFile(deep) })
    assert.ok(problems.some((problem) => problem.endsWith('is nested too deeply.')))
  })
})

describe('a variable named in a value', () => {
  const file = configOf({
    publicUrl: `https://${fromVariable('HOST')}`,
    keys: [{ id: 'k1', key: fromVariable('VAULT_KEY') }],
    accounts: [accountOf({ secrets: [fromVariable('SECRET')] }, { passwords: [fromVariable('PASSWORD')] })],
  })

  it('is filled from the environment, anywhere in the text', () => {
    const config = readFileWith(file, {
      HOST: 'connect.example.org',
      VAULT_KEY: KEY,
      SECRET: secretText(3),
      PASSWORD: secretText(4),
    })
    assert.equal(config.urls.api, 'https://connect.example.org')
    assert.equal(config.credentials[0]?.secrets[0]?.reveal(), secretText(3))
    assert.deepEqual(config.keys[0]?.key, Buffer.from(KEY, 'base64'))
  })

  it('every one that is not set is named with its path, once, beside all other faults', () => {
    const problems = problemsOf(() => readFileWith({ ...file, database: 'oracle' }, { VAULT_KEY: KEY }))
    assert.deepEqual(problems, [
      'publicUrl: the environment variable HOST is not set.',
      'accounts[0].passwords[0]: the environment variable PASSWORD is not set.',
      'accounts[0].applications[0].secrets[0]: the environment variable SECRET is not set.',
      'database: must be sqlite:PATH or postgres://USER@HOST/DATABASE.',
    ])
  })

  it('is not filled from what every object has', () => {
    const problems = problemsOf(() => readFileWith(configOf({ database: fromVariable('constructor') })))
    assert.deepEqual(problems, ['database: the environment variable constructor is not set.'])
  })

  it('is not filled a second time: what a variable holds is taken as it is', () => {
    const config = readFileWith(configOf({ database: fromVariable('DB') }), {
      DB: `sqlite:${fromVariable('HOME')}`,
    })
    assert.equal(config.database, `sqlite:${fromVariable('HOME')}`)
  })
})

describe('an environment variable of its own', () => {
  it('gives each setting without any file', () => {
    const config = readConfig(
      {
        SPRINGBAR_PUBLIC_URL: 'https://connect.example.org',
        SPRINGBAR_API_PUBLIC_URL: 'https://api.example.org',
        SPRINGBAR_WIDGET_PUBLIC_URL: 'https://widget.example.org',
        SPRINGBAR_DIRECT_PUBLIC_URL: 'https://direct.example.org',
        SPRINGBAR_HOST: '0.0.0.0',
        PORT: '9001',
        DATABASE_URL: 'postgres://springbar@db.example.org/springbar',
        SPRINGBAR_KEYS: `new:${KEY}, old:${OTHER_KEY}`,
        SPRINGBAR_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7',
        SPRINGBAR_LOG_LEVEL: 'warn',
        SPRINGBAR_ACCOUNTS: JSON.stringify([accountOf()]),
      },
      RULES,
    )
    assert.deepEqual(config.urls, {
      api: 'https://api.example.org',
      widget: 'https://widget.example.org',
      direct: 'https://direct.example.org',
    })
    assert.deepEqual(config.listen, { host: '0.0.0.0', port: 9001 })
    assert.equal(config.database, 'postgres://springbar@db.example.org/springbar')
    assert.deepEqual(
      config.keys.map(({ id }) => id),
      ['new', 'old'],
    )
    assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', '192.0.2.7'])
    assert.equal(config.logLevel, 'warn')
  })

  it('wins over the file, and leaves what stands beside it there', () => {
    const file = configOf({
      listen: { host: '0.0.0.0', port: 8080 },
      publicUrls: { api: 'https://api.example.org', widget: 'https://widget.example.org' },
    })
    const config = readFileWith(file, {
      PORT: '9002',
      DATABASE_URL: 'sqlite:/elsewhere.db',
      SPRINGBAR_WIDGET_PUBLIC_URL: 'https://w.example.org',
    })
    assert.deepEqual(config.listen, { host: '0.0.0.0', port: 9002 })
    assert.equal(config.database, 'sqlite:/elsewhere.db')
    assert.equal(config.urls.api, 'https://api.example.org')
    assert.equal(config.urls.widget, 'https://w.example.org')
  })

  it('that is empty counts as not set', () => {
    const config = readFileWith(configOf(), { PORT: '', DATABASE_URL: '', SPRINGBAR_KEYS: '' })
    assert.equal(config.listen.port, 8080)
    assert.match(config.database, /^sqlite:/)
  })

  it('that cannot be read is named by its own name', () => {
    const problems = problemsOf(() =>
      readFileWith(configOf(), { SPRINGBAR_ACCOUNTS: '{', SPRINGBAR_KEYS: 'k1', PORT: 'http' }),
    )
    assert.deepEqual(problems, [
      'SPRINGBAR_KEYS must be id:key pairs, separated by commas.',
      'SPRINGBAR_ACCOUNTS is not valid JSON: line 1, column 2.',
      'listen.port: must be a number.',
    ])
  })
})
