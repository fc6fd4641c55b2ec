import type { IconName } from './icons.ts'

/** A source that Tidewell knows, by its id in the catalogue. */
export interface ScreenSource {
  readonly id: number
  readonly name: string
  /** What it brings, as the end of "Brings …". */
  readonly brings: string
  readonly icon: IconName
  /** Why it cannot be connected yet, in a sentence for the person; null when it can. */
  readonly notYet: string | null
}

/** What the screen offers, in its order. Kept here by hand, as an application of the documented service does. */
export const SOURCES: readonly ScreenSource[] = Object.freeze([
  source(11, 'Strava', 'runs, rides and walks', 'activity'),
  source(1, 'Fitbit', 'steps, sleep and resting pulse', 'watch'),
  source(8, 'Withings', 'weight, sleep and blood pressure', 'scale'),
  source(18, 'Oura', 'sleep and readiness', 'ring', 'Tidewell cannot read the ring yet.'),
  source(
    5,
    'Apple Health',
    'what your iPhone gathers',
    'heart',
    'This one needs a phone app, which we do not have yet.',
  ),
])

function source(
  id: number,
  name: string,
  brings: string,
  icon: IconName,
  notYet: string | null = null,
): ScreenSource {
  return Object.freeze({ id, name, brings, icon, notYet })
}

/** The source with this id. One that is connected but not on our list still gets a row, so that it can be ended. */
export function describeSource(id: number): ScreenSource {
  return (
    SOURCES.find((known) => known.id === id) ?? {
      id,
      name: `Source ${id}`,
      brings: 'data that Tidewell does not show',
      icon: 'activity',
      notYet: 'Tidewell does not offer this one.',
    }
  )
}

/** The id in a path or form, when the screen may start a connection with it; otherwise null. */
export function findConnectable(text: string): ScreenSource | null {
  return SOURCES.find((known) => String(known.id) === text && known.notYet === null) ?? null
}

/** The id in a path or form as a source to end. Whatever is connected can be ended, offered or not. */
export function findDisconnectable(text: string): ScreenSource | null {
  return /^[1-9]\d{0,8}$/.test(text) ? describeSource(Number(text)) : null
}
