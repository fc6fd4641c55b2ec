import type { AnyVendor } from '../vendor.ts'
import type { World } from '../world.ts'
import { changePermissions, deleteAccount, endRefreshTokens, revokeGrant } from './person.ts'

/** What a button of a vendor's page does. */
export interface ButtonRules {
  readonly key: string
  readonly label: string
  /** What happens then, in a sentence. */
  readonly sentence: string
  /** Whether it is about one person's grant, or about the vendor as a whole. */
  readonly about: 'vendor' | 'person'
}

/** The ten things that a person would want to see, in the order of the page. */
export const BUTTONS = [
  {
    key: 'down',
    label: 'Take the vendor down',
    sentence: 'Every call is answered with 503.',
    about: 'vendor',
  },
  {
    key: 'slow',
    label: 'Make it slow',
    sentence: 'Every answer to the application takes five seconds.',
    about: 'vendor',
  },
  {
    key: 'rubbish',
    label: 'Let the token endpoint answer rubbish',
    sentence: 'A web page comes where tokens should.',
    about: 'vendor',
  },
  {
    key: 'cancel',
    label: 'Cancel the next consents',
    sentence: 'The consent page is skipped: the person pressed Cancel.',
    about: 'vendor',
  },
  {
    key: 'untick',
    label: 'Untick a box at the next consents',
    sentence: 'The consent page is skipped: the person unticked the last box and pressed Allow.',
    about: 'vendor',
  },
  {
    key: 'revoke',
    label: 'Revoke at the vendor',
    sentence: 'The person removes the application in the vendor’s settings.',
    about: 'person',
  },
  {
    key: 'delete-account',
    label: 'Delete the account',
    sentence: 'The person’s account at the vendor is no more.',
    about: 'person',
  },
  {
    key: 'change-permissions',
    label: 'Take a permission back',
    sentence: 'The person unticks the last box in the vendor’s settings.',
    about: 'person',
  },
  {
    key: 'end-refresh-token',
    label: 'End the refresh token',
    sentence: 'The next refresh is refused, without a reason.',
    about: 'person',
  },
  {
    key: 'normal',
    label: 'Back to normal',
    sentence: 'Switches as they were, no faults.',
    about: 'vendor',
  },
] as const satisfies readonly ButtonRules[]

/** Key of one of the {@link BUTTONS}. */
export type Button = (typeof BUTTONS)[number]['key']

/** What a button needs from around it, so that the control stays in one place. */
type Press = (world: World, vendor: AnyVendor, account: string) => void

const onGrant =
  (act: (world: World, id: string) => unknown): Press =>
  (world, vendor, account) => {
    for (const grant of world.grants.list())
      if (grant.vendor === vendor.key && grant.account === account && !grant.ended) act(world, grant.id)
  }

const PRESSES: Readonly<Record<Button, Press>> = {
  down: (world, vendor) => void world.switches.change(vendor, { condition: 'down' }),
  slow: (world, vendor) => void world.switches.change(vendor, { condition: 'slow' }),
  rubbish: (world, vendor) => void world.switches.change(vendor, { condition: 'rubbish' }),
  cancel: (world, vendor) => void world.switches.change(vendor, { consent: 'cancel' }),
  untick: (world, vendor) => void world.switches.change(vendor, { consent: 'untick-one' }),
  revoke: onGrant(revokeGrant),
  'delete-account': (world, vendor, account) => void deleteAccount(world, vendor, account),
  'change-permissions': onGrant((world, id) =>
    changePermissions(world, id, world.grants.find(id)?.scopes.slice(0, -1) ?? []),
  ),
  'end-refresh-token': onGrant(endRefreshTokens),
  normal: backToNormal,
}

/** One vendor back to normal: its switches as they were, its faults gone. */
export function backToNormal(world: World, vendor: AnyVendor) {
  world.switches.reset(vendor)
  for (const fault of world.faults.list()) if (fault.vendor === vendor.key) world.faults.delete(fault.id)
}

/** Presses a button. Throws a RangeError when it is about a person and names none whom the vendor knows. */
export async function pressButton(
  world: World,
  vendor: AnyVendor,
  button: Button,
  account = '',
): Promise<void> {
  const rules = BUTTONS.find(({ key }) => key === button)
  if (rules?.about === 'person' && !vendor.accounts.some(({ key }) => key === account))
    throw new RangeError('This button is about a person: name one whom the vendor knows.')
  PRESSES[button](world, vendor, account)
  await world.events.idle()
}
