// Goal: the launcher hands over as if the program had been started directly, and says in one sentence what is wrong.
// Method: our bin/ in a small project of its own, run as a process; an older Node.js is played by changing the
// version that the process reports.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { suite, test } from 'node:test'
import { createLauncherProject, printed } from './launcher-project.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

suite('handing over', () => {
  test('the program gets its arguments, our conditions and a compile cache, and its exit code is ours', async (t) => {
    const project = createLauncherProject(
      t,
      `const [major] = process.versions.node.split('.')
       console.log(JSON.stringify([process.argv.slice(2), process.execArgv, process.env.NODE_COMPILE_CACHE, Number(major)]))
       process.exit(7)`,
    )
    const { code, stdout } = await project.run(['bin/launch.js', 'src/main.ts', 'try', '--port', '1 2'])
    const [args, options, cache, major] = JSON.parse(stdout)
    assert.equal(code, 7)
    assert.deepEqual(args, ['try', '--port', '1 2'])
    assert.ok(options.includes('--conditions=springbar-source'))
    assert.equal(cache, path.join(project.folder, 'node_modules/.cache/springbar'))
    assert.ok(major >= 24)
  })

  test('the springbar command runs the same program, and installs nothing', async (t) => {
    const project = createLauncherProject(t, 'console.log(process.argv.slice(2).join())')
    const missing = await project.run(['bin/springbar.js', 'serve'])
    assert.equal(missing.code, 1)
    assert.match(
      missing.stderr,
      /^Springbar's packages are not installed \(hono is missing\)\. Run "npm ci --omit=dev" in .+\n$/,
    )
    assert.deepEqual(project.npmCalls(), [])
    await project.run(['bin/launch.js', 'src/main.ts'])
    const { code, stdout } = await project.run(['bin/springbar.js', 'serve', '--now'])
    assert.deepEqual([code, stdout], [0, 'serve,--now\n'])
  })

  test('experimental features print no warning', async (t) => {
    const project = createLauncherProject(t, "import 'node:sqlite'")
    const { code, stderr } = await project.run(['bin/launch.js', 'src/main.ts'])
    assert.equal(code, 0)
    assert.doesNotMatch(stderr, /warning/i)
  })

  test('a program that a signal ended ends the launcher by the same signal', async (t) => {
    const project = createLauncherProject(t, "process.kill(process.pid, 'SIGKILL')")
    const { code, signal } = await project.run(['bin/launch.js', 'src/main.ts'])
    assert.deepEqual([code, signal], [null, 'SIGKILL'])
  })

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    test(`${signal} reaches the program, and the launcher waits until it has ended`, async (t) => {
      const project = createLauncherProject(
        t,
        `process.on('${signal}', () => console.log('ending'))
         process.stdin.on('end', () => process.exit(5)).resume()
         console.log('ready')`,
      )
      const child = project.start(['bin/launch.js', 'src/main.ts'])
      t.after(() => child.kill('SIGKILL'))
      await printed(child, 'ready')
      child.kill(signal)
      await printed(child, 'ending')
      assert.equal(child.exitCode, null)
      assert.equal(child.signalCode, null)
      child.stdin?.end()
      const [code] = await once(child, 'exit')
      assert.equal(code, 5)
    })
  }

  test("the program ends when npm's shell, which passes no signal on, has ended", async (t) => {
    const project = createLauncherProject(
      t,
      `process.on('SIGTERM', () => { console.log('ending'); process.exit() })
       setInterval(() => {}, 1000)
       console.log('ready')`,
    )
    const shell = project.startShell(`"${process.execPath}" bin/launch.js src/main.ts; true`, {
      npm_lifecycle_event: 'start',
    })
    t.after(() => shell.kill('SIGKILL'))
    await printed(shell, 'ready')
    shell.kill('SIGKILL')
    await printed(shell, 'ending')
  })

  test('an unknown tool gets the usage', async (t) => {
    const project = createLauncherProject(t)
    const { code, stderr } = await project.run(['bin/launch.js', '--tool', 'eslint'])
    assert.equal(code, 1)
    assert.match(stderr, /^Usage: node bin\/launch\.js .+\n$/)
  })
})

suite('a wrong Node.js', () => {
  const reportVersion = (project: { folder: string }, version: string): string => {
    const file = path.join(project.folder, `node-${version}.cjs`)
    writeFileSync(
      file,
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
    )
    return file
  }

  for (const command of ['bin/launch.js', 'bin/springbar.js']) {
    test(`${command} says in one sentence that Node.js is too old, and does nothing`, async (t) => {
      const project = createLauncherProject(t, "console.log('ran')")
      const preload = reportVersion(project, '18.20.8')
      const { code, stdout, stderr } = await project.run(['--require', preload, command, 'src/main.ts'])
      assert.deepEqual([code, stdout], [1, ''])
      assert.equal(
        stderr,
        'Springbar needs Node.js 20 or newer, and this is 18.20.8. Install a current one from https://nodejs.org, then try again.\n',
      )
      assert.deepEqual(project.npmCalls(), [])
    })
  }

  test('without the binary from npm an older Node.js is told which one is needed', async (t) => {
    const project = createLauncherProject(t, "console.log('ran')")
    const preload = reportVersion(project, '22.1.0')
    const { code, stdout, stderr } = await project.run(['--require', preload, 'bin/launch.js', 'src/main.ts'])
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(
      stderr,
      /^Springbar needs Node\.js 24, this is 22\.1\.0, and npm brought none .+ then try again\.$/m,
    )
  })

  test('what an old Node.js must read has only syntax that it knows', () => {
    for (const name of ['launch.js', 'springbar.js', 'node-version.js']) {
      const code = readFileSync(path.join(ROOT, 'bin', name), 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '')
      assert.doesNotMatch(
        code,
        /\b(?:const|let|async|await|class|import|export)\b|=>|`|\?\.|\?\?|\.\.\./,
        name,
      )
    }
  })
})
