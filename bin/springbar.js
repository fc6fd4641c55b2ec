#!/usr/bin/env node
'use strict'

// The `springbar` command. It installs nothing: a server in production must not change itself at a start.
// Old syntax on purpose: an old Node.js must be able to read this file to say that it is too old.

var problem = require('./node-version.js').problemWith(process.versions.node)

if (problem) {
  console.error(problem)
  process.exitCode = 1
} else {
  require('./launcher.js').springbar(process.argv.slice(2))
}
