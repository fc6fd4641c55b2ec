// `springbar serve` with its vendors elsewhere. Its settings: CONFIG (JSON) and VENDORS (their origin).
import { parseConfig } from '../../src/config/index.ts'
import { configRulesOf } from '../../src/main/config-rules.ts'
import { createLog } from '../../src/main/log.ts'
import { startService } from '../../src/main/service.ts'
import { sources } from '../../src/sources/index.ts'

const { CONFIG = '', VENDORS = '' } = process.env
const config = parseConfig(JSON.parse(CONFIG), { ...configRulesOf(sources), tryOut: true })
const service = await startService(config, { log: createLog('error'), sandboxOrigin: VENDORS })
process.once('SIGTERM', () => void service.stop().then(() => process.exit(0)))
