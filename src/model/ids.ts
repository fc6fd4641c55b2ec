/** A string that the compiler does not confuse with another kind of id. */
type Brand<Name extends string> = string & { readonly __brand: Name }

/** The id of an application, as the operator wrote it in the configuration. */
export type ApplicationId = Brand<'ApplicationId'>
/** The id of an end user: 32 lower-case hex digits. */
export type EndUserId = Brand<'EndUserId'>
/** The id of a connection: 32 lower-case hex digits. */
export type ConnectionId = Brand<'ConnectionId'>
/** The id of an attempt: a reference of 10 characters, then 26 random ones. See `attempt.ts`. */
export type AttemptId = Brand<'AttemptId'>

// A brand exists for the compiler only; these are the places where a checked string gets one.
export const asApplicationId = (value: string) => value as ApplicationId
export const asEndUserId = (value: string) => value as EndUserId
export const asConnectionId = (value: string) => value as ConnectionId
export const asAttemptId = (value: string) => value as AttemptId

/** Whether a string has the form of an end user's or a connection's id. */
export const isHexId = (value: string): boolean => /^[0-9a-f]{32}$/.test(value)

/** A new id of 32 lower-case hex digits from 128 random bits. */
export function newHexId(random: (byteLength: number) => Uint8Array): string {
  return Buffer.from(random(16)).toString('hex')
}
