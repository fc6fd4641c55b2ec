// Goal: what is published resolves, type-checks and runs for somebody who installs it, with the web's globals alone.
// Method: the real build into a temporary folder, then its consumers: a bare context, and the compiler in two modes.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { OUTCOME_ERRORS } from '../../src/model/result.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const TSC = path.join(ROOT, 'node_modules/typescript/bin/tsc')

describe('the published package', () => {
  let folder: string
  let published: string
  const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'springbar-sdk-'))
    published = path.join(folder, 'node_modules/@springbar/sdk')
    mkdirSync(published, { recursive: true })
    cpSync(path.join(ROOT, 'sdk/package.json'), path.join(published, 'package.json'))
    const project = path.join(ROOT, 'sdk/tsconfig.build.json')
    run(TSC, '-p', project, '--outDir', path.join(published, 'dist'))
    writeFileSync(path.join(folder, 'package.json'), '{"type":"module","private":true}')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('has no dependency, and imports nothing but its own files', () => {
    const manifest: unknown = JSON.parse(readFileSync(path.join(published, 'package.json'), 'utf8'))
    assert.ok(typeof manifest === 'object' && manifest !== null && 'dependencies' in manifest)
    assert.deepEqual(manifest.dependencies, {})
    const scripts = readdirSync(path.join(published, 'dist')).filter((name) => name.endsWith('.js'))
    assert.ok(scripts.includes('index.js'))
    for (const name of scripts) {
      const text = readFileSync(path.join(published, 'dist', name), 'utf8')
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '')
      for (const specifier of imports)
        if (name !== 'react.js' || specifier !== 'react')
          assert.match(specifier, /^\.\/[a-z-]+\.js$/, `${name} imports ${specifier}`)
    }
  })

  it('runs where there is nothing but the language and ten names of the web platform', () => {
    writeFileSync(
      path.join(folder, 'bare.js'),
      `import { readFileSync } from 'node:fs'
      import { createContext, SourceTextModule } from 'node:vm'
      const web = { URL, URLSearchParams, Response, TextEncoder, TextDecoder, btoa, AbortController, setTimeout,
        clearTimeout, fetch: async () => new Response('${'0'.repeat(32)}') }
      const context = createContext(web)
      const index = import.meta.resolve('@springbar/sdk')
      const load = (name) => new SourceTextModule(readFileSync(new URL(name, index), 'utf8'), { context })
      const modules = new Map()
      const link = (specifier) => {
        if (!modules.has(specifier)) modules.set(specifier, load(specifier))
        return modules.get(specifier)
      }
      const sdk = load('index.js')
      await sdk.link(link)
      await sdk.evaluate()
      const client = sdk.namespace.createSpringbarClient({
        apiUrl: 'https://api.example.org', username: 'ü', password: 'p', applicationId: 'a', applicationSecret: 's',
      })
      console.log(await client.createEndUser())
      console.log(sdk.namespace.readResult('/done?dataSource=11&connected=true', { action: 'connect' }).succeeded)
      console.log(Object.keys(sdk.namespace).sort().join())`,
    )
    assert.equal(
      run('--experimental-vm-modules', '--no-warnings', 'bare.js'),
      `${'0'.repeat(32)}\ntrue\nSpringbarError,connectUrl,createPhoneClient,createSpringbarClient,disconnectUrl,readResult,verifyWebhook\n`,
    )
  })

  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    it(`type-checks for a consumer with the ${resolution} resolution`, () => {
      writeFileSync(
        path.join(folder, 'consumer.ts'),
        `import { createSpringbarClient, readResult, type EndUser, type UserInformation } from '@springbar/sdk'
        const client = createSpringbarClient({
          apiUrl: 'https://api.example.org', username: 'u', password: 'p', applicationId: 'a', applicationSecret: 's',
        })
        export const read = async (): Promise<readonly EndUser[]> => client.readEndUsers([await client.createEndUser()])
        export const outcome: boolean | undefined = readResult('/done', { action: 'connect' })?.succeeded
        // @ts-expect-error the wire's names are not the client's
        export const wrong = (endUser: EndUser, wire: UserInformation) => endUser.partnerUserID === wire.partnerUserID
        // @ts-expect-error credentials are required
        createSpringbarClient({ apiUrl: 'https://api.example.org' })`,
      )
      const options = [
        '--noEmit',
        '--strict',
        '--exactOptionalPropertyTypes',
        '--lib',
        'es2022,dom',
        '--types',
        '',
      ]
      run(TSC, ...options, '--module', module, '--moduleResolution', resolution, 'consumer.ts')
    })
  }
})

describe('the wire types', () => {
  it('know every reason that the service gives in a return URL', () => {
    const types = readFileSync(path.join(ROOT, 'sdk/src/types.ts'), 'utf8')
    const union = /export type ResultError =\n((?: {2}\| '[a-z_]+'\n)+)/.exec(types)?.[1] ?? ''
    const known = [...union.matchAll(/'([a-z_]+)'/g)].map((match) => match[1])
    assert.deepEqual(known.toSorted(), [...OUTCOME_ERRORS].toSorted())
  })
})
