// `springbar serve` with vendors of the test's own, and a clock that is ahead by so much. Its settings: CONFIG (JSON),
// VENDORS (their origin), AHEAD_MS.
import process from 'node:process'
import { parseConfig } from '../../src/config/index.ts'
import { configRulesOf } from '../../src/main/config-rules.ts'
import { createLog } from '../../src/main/log.ts'
import { startService } from '../../src/main/service.ts'
import { sources } from '../../src/sources/index.ts'

const { CONFIG = '', VENDORS = '', AHEAD_MS = '0' } = process.env
const config = parseConfig(JSON.parse(CONFIG), { ...configRulesOf(sources), tryOut: true })
const service = await startService(config, {
  log: createLog('info'),
  sandboxOrigin: VENDORS,
  now: () => Date.now() + Number(AHEAD_MS),
})
process.once('SIGTERM', () => void service.stop().then(() => process.exit(0)))
