// Goal: every start finds exactly the packages of package-lock.json, and npm is called only when it does not.
// Method: our bin/ in a small project of its own, with a stand-in for npm that notes how it was called.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { suite, test } from 'node:test'
import { createLauncherProject, type LauncherProject } from './launcher-project.ts'

const LAUNCH = ['bin/launch.js', 'src/main.ts']
const RAN = "console.log('ran')"
const HONO = { 'node_modules/hono': { version: '4.0.0' } }
const HIDDEN_LOCK = 'node_modules/.package-lock.json'

async function launchWell(project: LauncherProject, environment?: Record<string, string>): Promise<void> {
  const { code, stdout, stderr } = await project.run(LAUNCH, environment)
  assert.deepEqual([code, stdout], [0, 'ran\n'], stderr)
}

suite('installing', () => {
  test('a fresh clone is installed once, whatever NODE_ENV says, and then started', async (t) => {
    const project = createLauncherProject(t, RAN)
    await launchWell(project, { NODE_ENV: 'production' })
    await launchWell(project)
    const calls = project.npmCalls()
    assert.equal(calls.length, 1)
    assert.equal(calls[0]?.[0], 'ci')
    assert.ok(calls[0]?.includes('--include=dev') && calls[0].includes('--include=optional'))
  })

  test('another version in package-lock.json is installed', async (t) => {
    const project = createLauncherProject(t, RAN)
    await launchWell(project)
    project.lock({ 'node_modules/hono': { version: '4.0.1' } })
    await launchWell(project)
    assert.equal(project.npmCalls().length, 2)
  })

  test('an installation that was broken off is made anew', async (t) => {
    const project = createLauncherProject(t, RAN)
    await launchWell(project)
    rmSync(path.join(project.folder, HIDDEN_LOCK))
    await launchWell(project)
    assert.equal(project.npmCalls().length, 2)
  })

  test('a package that somebody deleted is brought back', async (t) => {
    const project = createLauncherProject(t, RAN)
    await launchWell(project)
    rmSync(path.join(project.folder, 'node_modules/hono'), { recursive: true })
    await launchWell(project)
    assert.equal(project.npmCalls().length, 2)
  })

  test('what npm itself installed is taken as it is', async (t) => {
    const project = createLauncherProject(t, RAN)
    await launchWell(project)
    rmSync(path.join(project.folder, 'node_modules/.springbar-installed'))
    await launchWell(project)
    assert.equal(project.npmCalls().length, 1)
  })

  test('a package for another platform is not missed, one for this platform is', async (t) => {
    const project = createLauncherProject(t, RAN)
    const here = { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] }
    project.lock({ ...HONO, 'node_modules/here': here, 'node_modules/there': { ...here, os: ['plan9'] } })
    await launchWell(project, { NPM_LEAVES_OUT: 'node_modules/there' })
    rmSync(path.join(project.folder, 'node_modules/.springbar-installed'))
    await launchWell(project)
    assert.equal(project.npmCalls().length, 1)
    const hidden = path.join(project.folder, HIDDEN_LOCK)
    const { packages } = JSON.parse(readFileSync(hidden, 'utf8'))
    const { 'node_modules/here': _, ...others } = packages
    writeFileSync(hidden, JSON.stringify({ packages: others }))
    await launchWell(project)
    assert.equal(project.npmCalls().length, 2)
  })

  test('an optional package that npm could not install is not tried again at every start', async (t) => {
    const project = createLauncherProject(t, RAN)
    project.lock({ ...HONO, 'node_modules/broken': { version: '1.0.0', optional: true } })
    await launchWell(project, { NPM_LEAVES_OUT: 'node_modules/broken' })
    await launchWell(project)
    assert.equal(project.npmCalls().length, 1)
  })

  test('two starts at the same time install once', async (t) => {
    const project = createLauncherProject(t, RAN)
    await Promise.all([launchWell(project), launchWell(project), launchWell(project)])
    assert.equal(project.npmCalls().length, 1)
  })

  test('when npm fails the person reads one sentence and what npm said, and nothing is started', async (t) => {
    const project = createLauncherProject(t, RAN)
    const { code, stdout, stderr } = await project.run(LAUNCH, { NPM_FAILS: '1' })
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(
      stderr,
      /\nnpm could not install what Springbar needs \(exit code 9\)\. This is what it said:\nnpm error the registry is on holiday\n$/,
    )
    await launchWell(project)
  })

  test('packages behind a link belong to somebody else and are left alone', async (t) => {
    const [owner, project] = [createLauncherProject(t, RAN), createLauncherProject(t, RAN)]
    await launchWell(owner)
    symlinkSync(path.join(owner.folder, 'node_modules'), path.join(project.folder, 'node_modules'))
    await launchWell(project)
    project.lock({ 'node_modules/hono': { version: '5.0.0' } })
    const { code, stderr } = await project.run(LAUNCH)
    assert.equal(code, 1)
    assert.match(stderr, /^\S+node_modules is a link, .+ then try again: they are installed here\.\n$/)
    assert.ok(existsSync(path.join(owner.folder, 'node_modules/hono/package.json')))
  })
})
