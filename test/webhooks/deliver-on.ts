// A process of its own that writes events of one application and delivers them, until it is killed or nothing is left. Its
// arguments: the database's URL, the application, how many events to write, and by how many milliseconds its clock is
// ahead. Every third unit of work fails after its event was written, and is undone.
import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { asApplicationId, asEndUserId } from '../../src/model/ids.ts'
import { createDeliverer } from '../../src/webhooks/index.ts'
import { newEvent } from '../storage/rows.ts'
import { openDelivery } from './delivery.ts'

const [, , url = '', application = '', count = '0', aheadMs = '0'] = process.argv
const context = await openDelivery(url, () => Date.now() + Number(aheadMs))
const person = { applicationId: asApplicationId(application), id: asEndUserId('e'.repeat(32)) }
const newId = () => randomBytes(16).toString('hex')

async function write(n: number): Promise<void> {
  const event = newEvent(person, { id: newId(), lane: `lane ${n % 7}`, createdAt: context.now() })
  await context.storage
    .write(async (tables) => {
      await tables.events.append(event)
      if (n % 3 === 2) throw new Error('undone')
    })
    .catch(() => undefined)
}

const deliverer = createDeliverer(context)
const writing = (async () => {
  for (let n = 0; n < Number(count); n++) await write(n)
})()
let isWritten = false
const delivering = (async () => {
  while (!isWritten) {
    await deliverer.look()
    await new Promise((resolve) => setImmediate(resolve))
  }
})()
await writing
isWritten = true
await delivering
await deliverer.idle()
await deliverer.look()
await deliverer.idle()
await context.storage.close()
