'use strict'

// `node bin/launch.js <file.ts> [arguments]` runs a file of this project on the Node.js it was written for;
// `node bin/launch.js --tool <biome|tsc> [arguments]` runs a tool. Both install first what is missing.
// Old syntax on purpose: an old Node.js must be able to read this file to say that it is too old.

var problem = require('./node-version.js').problemWith(process.versions.node)

if (problem) {
  console.error(problem)
  process.exitCode = 1
} else {
  require('./launcher.js').launch(process.argv.slice(2))
}
