'use strict'

/**
 * @module bin
 * What stands between npm and the program: install what is missing, find the right Node.js, hand over to it.
 * It knows no setting and no verb of Springbar. Plain CommonJS without dependencies, because it runs before
 * anything is installed.
 */

const path = require('node:path')
const { handOver } = require('./hand-over.js')
const { installMissing, missingAtRun } = require('./installation.js')

const ROOT = path.dirname(__dirname)

/** Tools by name, and the file that their own packages name as the command: it finds the platform's binary. */
const TOOLS = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  tsc: 'node_modules/typescript/bin/tsc',
}

/** `launch.js <file> …` or `launch.js --tool <name> …`: the file is relative to the project. */
exports.launch = function launch(args) {
  const isTool = args[0] === '--tool'
  const name = isTool ? args[1] : args[0]
  if (name === undefined || (isTool && !Object.hasOwn(TOOLS, name))) {
    fail(
      'Usage: node bin/launch.js <file.ts> [arguments], or node bin/launch.js --tool <biome|tsc> [arguments].',
    )
    return
  }
  const problem = installMissing(ROOT)
  if (problem) fail(problem)
  else handOver(ROOT, [path.join(ROOT, isTool ? TOOLS[name] : name), ...args.slice(isTool ? 2 : 1)], fail)
}

/** `springbar …`: the same hand-over, on what is installed. */
exports.springbar = function springbar(args) {
  const problem = missingAtRun(ROOT)
  if (problem) fail(problem)
  else handOver(ROOT, [path.join(ROOT, 'src/main.ts'), ...args], fail)
}

function fail(sentence) {
  console.error(sentence)
  process.exitCode = 1
}
