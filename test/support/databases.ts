// Runs the same tests on both databases, and looks into the tables past the service.
import { after, before, describe } from 'node:test'
import { openWorld, type World, type WorldOptions } from './world.ts'

/** Describes behaviour on SQLite and on PostgreSQL, each with a world of its own that lives as long as the tests. */
export function onBothDatabases(
  title: string,
  body: (world: () => World) => void,
  options: WorldOptions = {},
): void {
  for (const database of ['sqlite', 'postgres'] as const)
    describe(`${title} (${database})`, () => {
      let world: World
      before(async () => {
        world = await openWorld({ ...options, database })
      })
      after(() => world.close())
      body(() => world)
    })
}
