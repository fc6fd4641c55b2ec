import { html } from 'hono/html'
import { buttonsOf } from '../control/protocol-buttons.ts'
import type { ButtonRules } from '../control/ten-buttons.ts'
import { LIBRE_ACCOUNTS, LIBRE_PASSWORD } from '../credentials/libre-accounts.ts'
import { protocolOf } from '../switches/applies.ts'
import type { Answer, AnyVendor, DemoAccount, Switches } from '../vendor.ts'
import type { World } from '../world.ts'
import { timeText } from './home-page.ts'
import { type Html, pageAnswer, vendorNotice } from './layout.ts'

const pressForm = (vendor: AnyVendor, button: ButtonRules, account?: DemoAccount): Html => html`
  <form method="post" class="press">
    <input type="hidden" name="button" value="${button.key}" />
    ${account === undefined ? '' : html`<input type="hidden" name="account" value="${account.key}" />`}
    <button aria-label="${button.label}: ${account?.name ?? vendor.name}">${button.label}</button>
    <span class="quiet">${button.sentence}</span>
  </form>`

/** A button that was just pressed. */
export interface Pressed {
  readonly button: ButtonRules
  /** The vendor’s or the person’s, whomever the button is about. */
  readonly name: string
  /** Whether the vendor sent a notification for it. */
  readonly wasTold: boolean
}

/** What has just happened, and how it comes to the application or ends again. */
function outcome(vendor: AnyVendor, { button, name, wasTold }: Pressed): Html {
  const done = button.done?.replace('{name}', name) ?? `${button.label}: that is so now.`
  return html`<p class="done" role="status"><strong>${done}</strong> ${sequel(vendor, button, wasTold)}</p>`
}

function sequel(vendor: AnyVendor, { key, about }: ButtonRules, wasTold: boolean): string {
  if (key === 'normal') return ''
  if (about === 'vendor') return 'It stays so until you press “Back to normal”.'
  return wasTold
    ? `${vendor.name} has told the application.`
    : `${vendor.name} has told nobody: an application notices when it next calls.`
}

/** What only some protocols have, where it is other than normal. */
function oddities(switches: Switches): readonly string[] {
  const { callbackConfirmed, requestTokenLost, verifier, denial, signedRequests, logIn } = switches
  return [
    callbackConfirmed === 'vendor' ? '' : 'It does not confirm callbacks.',
    requestTokenLost === 'never' ? '' : 'It loses request tokens.',
    verifier === 'vendor' ? '' : 'The verifiers that it sends back are not good.',
    denial === 'vendor' ? '' : 'It says no in another way than usual.',
    signedRequests === 'verified' ? '' : 'It refuses every signed call.',
    logIn === 'vendor' ? '' : `Every log-in ends in: ${logIn.replaceAll('-', ' ')}.`,
  ].filter((sentence) => sentence !== '')
}

/** What is other than normal, in sentences. */
function stateOf(switches: Switches): readonly string[] {
  const { condition, consent } = switches
  const conditions = {
    normal: null,
    down: 'The vendor is down.',
    slow: 'The vendor is slow.',
    rubbish: 'Its token endpoint answers rubbish.',
  }
  const consents = {
    ask: null,
    allow: 'The next people allow everything without looking.',
    cancel: 'The next people cancel.',
    'untick-one': 'The next people untick a box.',
    'untick-all': 'The next people untick every box.',
    problem: 'The next people see an error page of the vendor.',
  }
  return [conditions[condition], consents[consent], ...oddities(switches)].filter(
    (sentence) => sentence !== null,
  )
}

/** What a grant allows: everything where the vendor has no scopes. */
function allowedBy(vendor: AnyVendor, scopes: readonly string[]): Html | string {
  if (scopes.length > 0) return html`<code>${scopes.join(' ')}</code>`
  return vendor.scopes.length === 0 ? 'all of it' : 'none of it any more'
}

function personCard(world: World, vendor: AnyVendor, account: DemoAccount): Html {
  const living = world.grants
    .list()
    .filter((grant) => grant.vendor === vendor.key && grant.account === account.key && !grant.ended)
  return html`
    <section class="card">
      <h2>${account.name}</h2>
      <p class="quiet">Account <code>${account.subject}</code></p>
      ${living.length === 0 ? html`<p>Has allowed nothing here.</p>` : ''}
      ${living.map(
        (grant) => html`
          <p>
            Lets <code>${grant.clientId}</code> use the data since ${timeText(grant.createdAtMs)} UTC:
            ${allowedBy(vendor, grant.scopes)}.
          </p>`,
      )}
      ${
        living.length === 0
          ? ''
          : buttonsOf(world, vendor)
              .shown.filter(({ about }) => about === 'person')
              .map((button) => pressForm(vendor, button, account))
      }
    </section>`
}

/** A vendor's own page: its people, and the buttons that make something happen. Plain forms, no script. */
export function vendorPage(world: World, vendor: AnyVendor, pressed: Pressed | null = null): Promise<Answer> {
  const state = stateOf(world.switches.of(vendor))
  const clients = world.clients.filter((client) => client.vendor === vendor.key)
  const protocol = protocolOf(world, vendor)
  const { shown, senseless } = buttonsOf(world, vendor)
  return pageAnswer(200, {
    title: `${vendor.name} – Sandbox vendors`,
    notice: vendorNotice(vendor.name),
    wide: true,
    content: html`
      <p><a href="/">All vendors</a></p>
      <h1>${vendor.name}</h1>
      ${pressed === null ? '' : outcome(vendor, pressed)}
      <section class="card">
        <h2>The vendor</h2>
        <p>${state.length === 0 ? 'Everything is normal.' : html`<strong>${state.join(' ')}</strong>`}</p>
        ${shown.filter(({ about }) => about === 'vendor').map((button) => pressForm(vendor, button))}
        ${
          senseless.length === 0
            ? ''
            : html`
              <p class="quiet">What other vendors’ pages have, and this one does not:</p>
              <ul class="quiet">${senseless.map(({ label, reason }) => html`<li>${label}: ${reason}.</li>`)}</ul>`
        }
      </section>
      ${protocol === 'log-in' ? logInCard() : ''}
      ${vendor.accounts.slice(0, PEOPLE_SHOWN).map((account) => personCard(world, vendor, account))}
      <section class="card">
        <h2>For developers</h2>
        <p>
          Key <code>${vendor.key}</code>, after the
          <a href="${vendor.documentation.url}" rel="noreferrer">vendor’s documentation</a> as of
          ${vendor.documentation.checkedOn}. Speaks ${PROTOCOLS[protocol]}. Registered clients:
          ${clients.length === 0 ? 'none.' : html`<code>${clients.map(({ clientId }) => clientId).join(' ')}</code>.`}
        </p>
        <ul>${vendor.documentation.doubts.map((doubt) => html`<li>${doubt}</li>`)}</ul>
      </section>`,
  })
}

/** A page of three hundred people would help nobody. */
const PEOPLE_SHOWN = 20

const PROTOCOLS = {
  oauth2: 'OAuth 2.0',
  oauth1: 'OAuth 1.0a',
  'log-in': 'no OAuth: a person logs in by name',
}

/** Whom one can log in as. */
const logInCard = (): Html => html`
  <section class="card">
    <h2>Who can log in</h2>
    <p>
      Any name at <code>example.com</code>, with the password <code>${LIBRE_PASSWORD}</code>. These end in a way of their
      own; three wrong passwords within a minute lock a name for five.
    </p>
    <ul>${Object.entries(LIBRE_ACCOUNTS).map(([name, end]) => html`<li><code>${name}</code>: ${end}.</li>`)}</ul>
  </section>`
