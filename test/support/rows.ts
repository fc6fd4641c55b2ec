// What is stored, read past the service: rows of its database as plain objects, and the raw bytes of the SQLite file.
import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { World } from './world.ts'

export type Row = Readonly<Record<string, unknown>>

const fileOf = ({ databaseUrl }: World): string | null =>
  databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : null

/** Runs one statement on the world's database, on a connection of its own. `?` marks each parameter. */
export async function query(world: World, sql: string, parameters: readonly string[] = []): Promise<Row[]> {
  const file = fileOf(world)
  if (file !== null) {
    const database = new DatabaseSync(file, { timeout: 60_000 })
    try {
      return database.prepare(sql).all(...parameters)
    } finally {
      database.close()
    }
  }
  let count = 0
  const numbered = sql.replaceAll('?', () => `$${++count}`)
  const client = await clientOf(world)
  // The driver's rows are objects by column name.
  return (await client.query(numbered, [...parameters])).rows as Row[]
}

const clients = new WeakMap<World, Promise<Client>>()

/** One connection for each world; it ends when the world's database is dropped. */
function clientOf(world: World): Promise<Client> {
  const known = clients.get(world)
  if (known !== undefined) return known
  const client = new Client({ connectionString: world.databaseUrl })
  client.on('error', () => undefined)
  const connected = client.connect().then(() => client)
  clients.set(world, connected)
  return connected
}

/** Every row of every table, by table. */
export async function allRows(world: World): Promise<ReadonlyMap<string, readonly Row[]>> {
  const tables = await query(
    world,
    fileOf(world) === null
      ? `select table_name as name from information_schema.tables where table_schema = 'public'`
      : `select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`,
  )
  const found = new Map<string, readonly Row[]>()
  for (const { name } of tables) found.set(String(name), await query(world, `select * from ${String(name)}`))
  return found
}

/** The tables in which some value contains a text. */
export async function tablesWith(world: World, text: string): Promise<readonly string[]> {
  const tables = await allRows(world)
  return [...tables].filter(([, rows]) => JSON.stringify(rows).includes(text)).map(([name]) => name)
}

/** Those of the texts that stand somewhere in what is stored: in the SQLite file and its log, or in any row. */
export async function storedAmong(world: World, texts: readonly string[]): Promise<readonly string[]> {
  const file = fileOf(world)
  const bytes =
    file === null
      ? Buffer.from(JSON.stringify([...(await allRows(world)).values()]))
      : Buffer.concat([file, `${file}-wal`].filter((one) => existsSync(one)).map((one) => readFileSync(one)))
  return texts.filter((text) => bytes.includes(text))
}
