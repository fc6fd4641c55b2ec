import { protocolOf } from '../switches/applies.ts'
import type { AnyVendor } from '../vendor.ts'
import type { World } from '../world.ts'
import { changePermissions, deleteAccount, endRefreshTokens, revokeGrant } from './person.ts'
import { furtherButtons, whyNoButton } from './protocol-buttons.ts'
import { BUTTONS, type Button } from './ten-buttons.ts'

export { BUTTONS } from './ten-buttons.ts'

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

/** Presses a button. Throws a RangeError when there is none, when it does nothing at the vendor, and when it is about a person and names none whom the vendor knows. */
export async function pressButton(
  world: World,
  vendor: AnyVendor,
  button: string,
  account = '',
): Promise<void> {
  const reason = whyNoButton(world, vendor, button)
  if (reason !== null) throw new RangeError(`This button does nothing at ${vendor.name}: ${reason}.`)
  const further = furtherButtons(protocolOf(world, vendor)).find(({ key }) => key === button)
  if (further !== undefined) return void world.switches.change(vendor, further.sets)
  const rules = BUTTONS.find(({ key }) => key === button)
  if (rules === undefined) throw new RangeError(`${vendor.name} has no such button.`)
  if (rules.about === 'person' && !vendor.accounts.some(({ key }) => key === account))
    throw new RangeError('This button is about a person: name one whom the vendor knows.')
  PRESSES[rules.key](world, vendor, account)
  await world.events.idle()
}
