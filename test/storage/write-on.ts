// A process of its own that stores end users without an end, fifty at a time. The id of each that it was answered for
// goes to the file of its second argument, and a dot to its output. At the first refusal it writes the error's code
// to the output instead, and ends.
import { openSync, writeSync } from 'node:fs'
import { SpringbarError } from '../../src/errors.ts'
import { asApplicationId } from '../../src/model/ids.ts'
import { openStorage } from '../../src/storage/open.ts'
import { newEndUser } from './rows.ts'

const WRITERS = 50

const [, , url = '', answeredFor = ''] = process.argv
const storage = await openStorage({ url })
// Written at once and not through a stream, so that a killed process leaves every line that it meant to write.
const answers = openSync(answeredFor, 'a')
const applicationId = asApplicationId('app')
let refusal: string | undefined

async function writeOn(): Promise<void> {
  while (refusal === undefined) {
    const { id } = await storage.write((tables) => tables.endUsers.createOrGet(newEndUser(applicationId)))
    writeSync(answers, `${id}\n`)
    process.stdout.write('.')
  }
}

await Promise.all(
  Array.from({ length: WRITERS }, () =>
    writeOn().catch((error: unknown) => {
      refusal = error instanceof SpringbarError ? error.code : String(error)
    }),
  ),
)
process.stdout.write(`${refusal}`)
