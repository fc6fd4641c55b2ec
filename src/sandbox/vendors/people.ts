import type { JsonValue } from '../template.ts'
import type { DemoAccount } from '../vendor.ts'

interface Person {
  readonly firstname: string
  readonly lastname: string
  readonly city: string
  readonly country: string
  readonly sex: 'F' | 'M' | null
}

/** Three people who do not exist. Each has an account at every vendor. */
const PEOPLE = Object.freeze({
  robin: { firstname: 'Robin', lastname: 'Vale', city: 'Tønder', country: 'Denmark', sex: 'F' },
  kim: { firstname: 'Kim', lastname: 'Aster', city: 'Ghent', country: 'Belgium', sex: 'M' },
  noor: { firstname: 'Noor', lastname: "O'Lindqvist", city: 'Umeå', country: 'Sweden', sex: null },
} satisfies Record<string, Person>)

type PersonKey = keyof typeof PEOPLE

/** One person's account at a vendor: the id there, and what only this vendor knows. */
export function accountOf(
  key: PersonKey,
  subject: string,
  more: Readonly<Record<string, JsonValue>> = {},
): DemoAccount {
  const person: Person = PEOPLE[key]
  const name = `${person.firstname} ${person.lastname}`
  return Object.freeze({ key, name, subject, details: Object.freeze({ ...person, name, ...more }) })
}
