import type { CatalogueSource } from '@springbar/sdk'
import type { IconName } from './icons.ts'

/** A source that Tidewell knows, by its id in the catalogue. */
export interface ScreenSource {
  readonly id: number
  readonly name: string
  /** What it brings, as a sentence. */
  readonly about: string
  /** A drawing of ours, or the URL of its logo. */
  readonly picture: IconName | URL
  /** Whether an app on the person's phone reads it, and not a server. */
  readonly onPhone: boolean
  /** Why it cannot be connected, in a sentence for the person; null when it can. */
  readonly notYet: string | null
  /** What its permissions mean, by the vendor's words for them. */
  readonly permissions: ReadonlyMap<string, string>
}

/** What the screen offers. */
export interface Sources {
  readonly all: readonly ScreenSource[]
  /** The source with this id. One that is connected but not on the list still gets a row, so that it can be ended. */
  readonly describe: (id: number) => ScreenSource
  /** The source of a path or form, when the screen may start a connection with it; otherwise null. */
  readonly findConnectable: (text: string) => ScreenSource | null
  /** The source of a path or form as one to end. Whatever is connected can be ended, offered or not. */
  readonly findDisconnectable: (text: string) => ScreenSource | null
}

/** Sources to look in, in the order of their names. */
export function createSources(listed: readonly ScreenSource[]): Sources {
  const all = Object.freeze(listed.toSorted((one, other) => one.name.localeCompare(other.name, 'en')))
  const describe = (id: number) => all.find((known) => known.id === id) ?? unlisted(id)
  return Object.freeze({
    all,
    describe,
    findConnectable: (text) =>
      all.find((known) => String(known.id) === text && known.notYet === null) ?? null,
    findDisconnectable: (text) => (/^[1-9]\d{0,8}$/.test(text) ? describe(Number(text)) : null),
  } satisfies Sources)
}

/** A few, kept by hand as an application of the documented service does, for where nobody tells them all. */
export const FEW: Sources = createSources([
  drawn(11, 'Strava', 'Brings runs, rides and walks.', 'activity'),
  drawn(1, 'Fitbit', 'Brings steps, sleep and resting pulse.', 'watch'),
  drawn(8, 'Withings', 'Brings weight, sleep and blood pressure.', 'scale'),
  drawn(18, 'Oura', 'Brings sleep and readiness.', 'ring'),
])

function drawn(id: number, name: string, about: string, picture: IconName): ScreenSource {
  return Object.freeze({ id, name, about, picture, onPhone: false, notYet: null, permissions: new Map() })
}

function unlisted(id: number): ScreenSource {
  const notYet = 'Tidewell does not offer this one.'
  return { ...drawn(id, `Source ${id}`, 'Brings data that Tidewell does not show.', 'activity'), notYet }
}

/** A source as the catalogue tells it. */
export function fromCatalogue(source: CatalogueSource): ScreenSource {
  const { id, name, description, logo, kind, missing, scopes } = source
  return Object.freeze({
    id,
    name,
    about: description,
    picture: new URL(logo),
    onPhone: kind === 'native',
    notYet: missing?.text ?? null,
    permissions: new Map(scopes.map(({ value, label }) => [value, label])),
  })
}
