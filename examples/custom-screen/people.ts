/** Somebody who uses Tidewell. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly firstName: string
  /**
   * How Springbar knows this person: `partnerUserID`. An alias of the application's own, hard to guess and without
   * a name in it, so that it may stand in logs. A real application keeps it beside the person's account.
   */
  readonly partnerUserId: string
}

/** The two people to try the screen with. There is no password: the log-in is pretended. */
export const PEOPLE: readonly Person[] = Object.freeze([
  Object.freeze({
    id: 'mara',
    name: 'Mara Lindqvist',
    firstName: 'Mara',
    partnerUserId: 'tidewell-5d0c7e1f4a8b4b0e9c63d2f7a1e85b90',
  }),
  Object.freeze({
    id: 'jonas',
    name: 'Jonas Okafor',
    firstName: 'Jonas',
    partnerUserId: 'tidewell-c2f94b6d0e7348a1b5de83f06a9c1742',
  }),
])

/** The person with this id, or null. */
export function findPerson(id: string): Person | null {
  return PEOPLE.find((person) => person.id === id) ?? null
}
