// A process of its own that stores end users without an end, fifty at a time, and writes down the id of each that it
// was answered for. At the first refusal it writes the code of the error, stores what it can no more, and ends.
import { writeSync } from 'node:fs'
import { SpringbarError } from '../../src/errors.ts'
import { asApplicationId } from '../../src/model/ids.ts'
import { openStorage } from '../../src/storage/open.ts'
import { newEndUser } from './rows.ts'

const WRITERS = 50
const STDOUT = 1

const storage = await openStorage({ url: process.argv[2] ?? '' })
const applicationId = asApplicationId('app')
let refusal: string | undefined

async function writeOn(): Promise<void> {
  while (refusal === undefined) {
    const { id } = await storage.write((tables) => tables.endUsers.createOrGet(newEndUser(applicationId)))
    // A pipe that is written synchronously: what is read at the other end was answered for before.
    writeSync(STDOUT, `${id}\n`)
  }
}

await Promise.all(
  Array.from({ length: WRITERS }, () =>
    writeOn().catch((error: unknown) => {
      refusal = error instanceof SpringbarError ? error.code : String(error)
    }),
  ),
)
writeSync(STDOUT, `${refusal}\n`)
