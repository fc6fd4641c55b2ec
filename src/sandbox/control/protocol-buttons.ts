import { type Protocol, protocolOf, whyNotAt } from '../switches/applies.ts'
import type { AnyVendor, Switches } from '../vendor.ts'
import type { World } from '../world.ts'
import { BUTTONS, type ButtonRules } from './ten-buttons.ts'

/** A button that sets switches, which is all that the further buttons of a protocol do. */
export interface SwitchButton extends ButtonRules {
  readonly about: 'vendor'
  readonly sets: Partial<Switches>
}

const button = (key: string, label: string, sentence: string, sets: Partial<Switches>): SwitchButton =>
  Object.freeze({ key, label, sentence, about: 'vendor', sets })

/** What a person would want to see of OAuth 1.0a beside what every protocol has. */
export const OAUTH1_BUTTONS: readonly SwitchButton[] = Object.freeze([
  button(
    'unconfirmed',
    'Do not confirm the callback',
    'The request token comes without oauth_callback_confirmed.',
    {
      callbackConfirmed: 'absent',
    },
  ),
  button('lost-before', 'Lose the request token', 'The consent page does not know the trip.', {
    requestTokenLost: 'before-consent',
  }),
  button('lost-after', 'Lose it after the consent', 'The person allowed it, and the exchange is refused.', {
    requestTokenLost: 'after-consent',
  }),
  button(
    'wrong-verifier',
    'Send a wrong verifier',
    'The person comes back with a verifier that is not good.',
    {
      verifier: 'wrong',
    },
  ),
  button('no-way-back', 'Lead nobody back who cancels', 'The person stays on a page of the vendor.', {
    denial: 'no-way-back',
  }),
  button(
    'refuse-signatures',
    'Refuse every signature',
    'Each signed call is answered with signature_invalid.',
    {
      signedRequests: 'signature_invalid',
    },
  ),
])

/** What a log-in can come to. */
export const LOG_IN_BUTTONS: readonly SwitchButton[] = Object.freeze([
  button('wrong-password', 'Refuse every password', 'The log-in was wrong, whatever is typed.', {
    logIn: 'wrong-password',
  }),
  button('terms', 'Let new terms wait', 'The person is to accept them in the vendor’s app first.', {
    logIn: 'terms',
  }),
  button('extra-step', 'Ask for a code', 'A further step waits, such as a code by text message.', {
    logIn: 'extra-step',
  }),
  button('locked', 'Lock the accounts', 'There were too many wrong passwords.', { logIn: 'locked' }),
  button('endless-regions', 'Send from region to region', 'No region feels responsible.', {
    logIn: 'endless-regions',
  }),
])

/** The further buttons of a protocol. */
export const furtherButtons = (protocol: Protocol): readonly SwitchButton[] => FURTHER[protocol]

const FURTHER = { oauth2: [], oauth1: OAUTH1_BUTTONS, 'log-in': LOG_IN_BUTTONS } as const

/** Why a button does nothing at a vendor, as the end of a sentence; null when it does something. */
export function whyNoButton(world: World, vendor: AnyVendor, key: string): string | null {
  if (key === 'unconfirmed') return whyNotAt(world, vendor, 'callbackConfirmed')
  const protocol = protocolOf(world, vendor)
  const isOfBoxes = key === 'untick' || key === 'change-permissions'
  if (isOfBoxes && protocol !== 'log-in' && vendor.scopes.length === 0)
    return 'there are no boxes, it is all or nothing'
  if (protocol === 'oauth2') return null
  if (protocol === 'log-in') {
    if (key === 'cancel' || key === 'untick')
      return 'there is no consent page, but a form of the application’s'
    const ofPeople = BUTTONS.some((one) => one.key === key && one.about === 'person')
    return ofPeople ? 'nobody can take a log-in back there: what it gave ends by itself after 180 days' : null
  }
  return key === 'end-refresh-token' ? 'its tokens do not expire, so there are no refresh tokens' : null
}

/** A vendor's buttons, and those that do nothing there, each with the reason. */
export function buttonsOf(world: World, vendor: AnyVendor) {
  // "Back to normal" stays the last one.
  const all: readonly ButtonRules[] = [
    ...BUTTONS.slice(0, -1),
    ...furtherButtons(protocolOf(world, vendor)),
    ...BUTTONS.slice(-1),
  ]
  const judged = all.map((rules) => ({ rules, reason: whyNoButton(world, vendor, rules.key) }))
  return {
    shown: judged.filter(({ reason }) => reason === null).map(({ rules }) => rules),
    senseless: judged.flatMap(({ rules, reason }) =>
      reason === null ? [] : [{ label: rules.label, reason }],
    ),
  }
}
