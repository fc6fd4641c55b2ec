// Runs the same tests on both databases, and looks into the tables past the service.
import { after, before, describe } from 'node:test'
import { openWorld, type World, type WorldOptions } from './world.ts'

type Body = (world: () => World) => void

/** Describes behaviour on SQLite and on PostgreSQL, each with a world of its own that lives as long as the tests. */
export function onBothDatabases(title: string, body: Body, options: WorldOptions = {}): void {
  for (const database of ['sqlite', 'postgres'] as const) describeOn(database, title, body, options)
}

/** Describes behaviour in which the database plays no part, with many cases: on the embedded one alone. */
export function onEmbeddedDatabase(title: string, body: Body, options: WorldOptions = {}): void {
  describeOn('sqlite', title, body, options)
}

function describeOn(database: 'sqlite' | 'postgres', title: string, body: Body, options: WorldOptions): void {
  describe(`${title} (${database})`, () => {
    let world: World
    before(async () => {
      world = await openWorld({ ...options, database })
    })
    after(() => world.close())
    body(() => world)
  })
}
