import { html } from 'hono/html'
import type { Grant } from '../engine/grants.ts'
import { protocolOf } from '../switches/applies.ts'
import type { Answer, AnyVendor } from '../vendor.ts'
import { everyVendor, type World } from '../world.ts'
import { type Html, pageAnswer } from './layout.ts'

/** An instant as people read it here: UTC, to the second. */
export const timeText = (epochMs: number) => new Date(epochMs).toISOString().replace('T', ' ').slice(0, 19)

/** What the page tells of a vendor, whatever its protocol. */
type Shown = Pick<AnyVendor, 'key' | 'name' | 'accounts'>

/** The name of a person. */
const nameOf = (vendor: Shown | undefined, account: string) =>
  vendor?.accounts.find((candidate) => candidate.key === account)?.name ?? account

const CONDITIONS: Readonly<Record<string, string>> = {
  down: 'It is down.',
  slow: 'It is slow.',
  rubbish: 'Its token endpoint answers rubbish.',
}

const PROTOCOLS = { oauth2: '', oauth1: 'OAuth 1.0a.', 'log-in': 'A log-in of the person’s own.' } as const

function vendorCard(world: World, vendor: AnyVendor, living: number): Html {
  const condition = CONDITIONS[world.switches.of(vendor).condition]
  return html`
    <div class="card">
      <h2><a href="/vendors/${vendor.key}">${vendor.name}</a></h2>
      <p class="quiet">
        Key <code>${vendor.key}</code>.
        ${living === 0 ? '' : `Living grants: ${living}.`}
        ${PROTOCOLS[protocolOf(world, vendor)]}
      </p>
      ${condition === undefined ? '' : html`<p><strong>${condition}</strong></p>`}
    </div>`
}

const phoneCard = (hasPhone: boolean): Html => html`
  <div class="card">
    <h2>${hasPhone ? html`<a href="/phone">A phone</a>` : 'A phone'}</h2>
    <p class="quiet">
      Plays the app of sources that live on phones: it brings pairing codes, right and wrong, and reports.
      ${hasPhone ? '' : 'It needs a service to talk to, so it is there when the sandbox runs beside one.'}
    </p>
  </div>`

const grantRow = (vendors: readonly Shown[], grant: Grant): Html => {
  const vendor = vendors.find((candidate) => candidate.key === grant.vendor)
  const person = nameOf(vendor, grant.account)
  return html`
    <div class="grant">
      <p>
        <strong>${person}</strong> lets <code>${grant.clientId}</code> use ${vendor?.name ?? grant.vendor}
        <span class="quiet">since ${timeText(grant.createdAtMs)} UTC</span>
      </p>
      <form method="post" action="/_sandbox/grants/${grant.id}/revoke">
        <button aria-label="Revoke at the vendor: ${person}, ${vendor?.name ?? grant.vendor}">
          Revoke at the vendor
        </button>
      </form>
    </div>`
}

const examples = (origin: string): Html => html`<pre>
# what was called
curl ${origin}/_sandbox/calls?operation=token

# the next two token calls at Strava answer 503
curl -X POST ${origin}/_sandbox/faults -H 'content-type: application/json' \\
  -d '{"vendor":"strava","operation":"token","times":2,"fault":{"kind":"status","status":503}}'

# an hour later
curl -X POST ${origin}/_sandbox/clock -H 'content-type: application/json' -d '{"advanceMs":3600000}'

# everything back to the start
curl -X POST ${origin}/_sandbox/reset
</pre>`

/** The sandbox's own front page: vendors, living grants and how to use the control API. */
export function homePage(world: World, origin: string, hasPhone: boolean): Promise<Answer> {
  const vendors = everyVendor(world)
  const living = world.grants.list().filter((grant) => grant.ended === null)
  return pageAnswer(200, {
    title: 'Sandbox vendors',
    notice: 'Sandbox – none of these is the real vendor',
    wide: true,
    content: html`
      <h1>Sandbox vendors</h1>
      <p>
        This server plays vendors for trying out and testing: their consent pages, token endpoints, revocation and
        notifications. The people are fictional. Its clock says ${timeText(world.clock.nowMs())} UTC. Choose a vendor to
        see its people, and to make something happen there.
      </p>
      <section class="grid">
        ${vendors.map((vendor) =>
          vendorCard(world, vendor, living.filter((grant) => grant.vendor === vendor.key).length),
        )}
        ${phoneCard(hasPhone)}
      </section>
      <section class="card">
        <h2>Living grants</h2>
        ${living.length === 0 ? html`<p class="quiet">Nobody has allowed anything yet.</p>` : ''}
        ${living.map((grant) => grantRow(vendors, grant))}
      </section>
      <section class="card">
        <h2>Control it</h2>
        <p>Tests and scripts steer the sandbox by a small JSON API. <code>docs/sandbox.md</code> lists all of it.</p>
        ${examples(origin)}
      </section>`,
  })
}
