'use strict'

// Says whether the Node.js that reads this can run the launcher at all.
// Old syntax on purpose: an old Node.js must be able to read this file to say that it is too old.

var OLDEST = 20

/** The sentence for a Node.js that is too old, or '' for one that will do. */
exports.problemWith = function (version) {
  var major = parseInt(version, 10)
  if (major >= OLDEST) return ''
  return (
    'Springbar needs Node.js ' +
    OLDEST +
    ' or newer, and this is ' +
    version +
    '. Install a current one from https://nodejs.org, then try again.'
  )
}
