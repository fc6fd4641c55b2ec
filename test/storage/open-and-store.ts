// A process of its own that opens the database of its argument, stores one end user and says so.

import { asApplicationId, asEndUserId } from '../../src/model/ids.ts'
import { openStorage } from '../../src/storage/open.ts'
import { newEndUser } from './rows.ts'

const storage = await openStorage({ url: process.argv[2] ?? '' })
const id = asEndUserId(process.pid.toString(16).padStart(32, '0'))
await storage.write((tables) => tables.endUsers.createOrGet(newEndUser(asApplicationId('app'), { id })))
await storage.close()
process.stdout.write('stored')
