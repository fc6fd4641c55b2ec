import type { Oddities } from '../definition/oddities.ts'

const no = (result: string, message: string) => ({ status: 200, body: { result, message } })

/** COROS: ids beyond 2^53, errors as result and message, and a refresh that extends without giving anything. */
export const coros: Oddities = {
  subjects: ['418429385729384511', '418429385729384513', '418429385729384515'],
  switches: { userIdAs: 'number' },
  refreshExtra: { message: 'OK' },
  refusals: {
    client: no('5001', 'client authentication failed'),
    code: no('5006', 'code invalid'),
    refresh_token: no('5006', 'token invalid'),
    access_token: no('5006', 'token invalid'),
  },
  doubts: [
    'Only 5006 is known by number; the others are guesses.',
    'Ids are given as numbers; a text was not seen.',
  ],
}
