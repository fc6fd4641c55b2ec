import type { Migration } from '../migrate.ts'
import { initial } from './0001-initial.ts'
import { clients } from './0002-clients.ts'
import { webhooks } from './0003-webhooks.ts'
import { heldGrants } from './0004-held-grants.ts'
import { requestTokens } from './0005-request-tokens.ts'
import { pairings } from './0006-pairings.ts'
import { revocationExpiry } from './0007-revocation-expiry.ts'
import { renewals } from './0008-renewals.ts'
import { reauthReason } from './0009-reauth-reason.ts'
import { inbound } from './0010-inbound.ts'
import { history } from './0011-history.ts'
import { sharedAccounts } from './0012-shared-accounts.ts'
import { subscriptions } from './0013-subscriptions.ts'
import { feedHorizons } from './0014-feed-horizons.ts'
import { openRevocations } from './0015-open-revocations.ts'
import { deletions } from './0016-deletions.ts'
import { appearances } from './0017-appearances.ts'
import { auditChains } from './0018-audit-chains.ts'
import { endedAccounts } from './0019-ended-accounts.ts'
import { darkLogos } from './0020-dark-logos.ts'

/** Every step of the schema, oldest first. One that was released is never changed; a change is a new one. */
export const migrations: readonly Migration[] = Object.freeze([
  initial,
  clients,
  webhooks,
  heldGrants,
  requestTokens,
  pairings,
  revocationExpiry,
  renewals,
  reauthReason,
  inbound,
  history,
  sharedAccounts,
  subscriptions,
  feedHorizons,
  openRevocations,
  deletions,
  appearances,
  auditChains,
  endedAccounts,
  darkLogos,
])
