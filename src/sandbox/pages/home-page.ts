import { html } from 'hono/html'
import type { Grant } from '../engine/grants.ts'
import type { Answer, SandboxClient, Vendor } from '../vendor.ts'
import type { World } from '../world.ts'
import { type Html, pageAnswer } from './layout.ts'

const time = (epochMs: number) => new Date(epochMs).toISOString().replace('T', ' ').slice(0, 19)

/** What the page tells of a vendor, whatever its protocol. */
type Shown = Pick<Vendor, 'key' | 'name' | 'accounts'>

const nameOf = (vendor: Shown | undefined, account: string) =>
  vendor?.accounts.find((candidate) => candidate.key === account)?.name ?? account

const vendorCard = (vendor: Shown, clients: readonly SandboxClient[]): Html => html`
  <div class="card">
    <h2>${vendor.name}</h2>
    <p class="quiet">Key <code>${vendor.key}</code></p>
    <p>Demo accounts</p>
    <ul>
      ${vendor.accounts.map((account) => html`<li>${account.name} <code>${account.subject}</code></li>`)}
    </ul>
    <p>Registered clients</p>
    <ul>
      ${clients.length === 0 ? html`<li>None</li>` : ''}
      ${clients.map((client) => html`<li><code>${client.clientId}</code></li>`)}
    </ul>
  </div>`

const grantRow = (vendors: readonly Shown[], grant: Grant): Html => {
  const vendor = vendors.find((candidate) => candidate.key === grant.vendor)
  const person = nameOf(vendor, grant.account)
  return html`
    <div class="grant">
      <p>
        <strong>${person}</strong> lets <code>${grant.clientId}</code> use ${vendor?.name ?? grant.vendor}
        <span class="quiet">since ${time(grant.createdAtMs)} UTC</span>
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

/** The sandbox's own front page: vendors, accounts, living grants and how to use the control API. */
export function homePage(world: World, origin: string): Promise<Answer> {
  const vendors: readonly Shown[] = [...world.vendors, ...world.oauth1Vendors]
  const living = world.grants.list().filter((grant) => grant.ended === null)
  return pageAnswer(200, {
    title: 'Sandbox vendors',
    notice: 'Sandbox – none of these is the real vendor',
    wide: true,
    content: html`
      <h1>Sandbox vendors</h1>
      <p>
        This server plays vendors for trying out and testing: their consent pages, token endpoints and revocation. The
        people are fictional. Its clock says ${time(world.clock.nowMs())} UTC.
      </p>
      <section class="grid">
        ${vendors.map((vendor) =>
          vendorCard(
            vendor,
            world.clients.filter((client) => client.vendor === vendor.key),
          ),
        )}
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
