import { html } from 'hono/html'
import { pageAnswer } from '../pages/layout.ts'
import type { Answer } from '../vendor.ts'

/** What the app asks the phone's store for. */
export const PERMISSIONS = Object.freeze([
  { name: 'READ_STEPS', sentence: 'Steps' },
  { name: 'READ_HEART_RATE', sentence: 'Heart rate' },
  { name: 'READ_SLEEP', sentence: 'Sleep' },
])

/** What a paired phone shows. */
export interface PhoneState {
  readonly id: string
  readonly granted: readonly string[]
  readonly isConnected: boolean
  /** What the last call came to. */
  readonly said: string
}

const NOTICE = 'Sandbox – this page plays an app on a phone'

const choices = (granted: readonly string[]) => html`
  <fieldset>
    <legend>Allow the app to read</legend>
    ${PERMISSIONS.map(
      ({ name, sentence }) => html`
        <label class="choice">
          <input type="checkbox" name="allow" value="${name}" ${granted.includes(name) ? 'checked' : ''} />
          <span>${sentence}<small>${name}</small></span>
        </label>`,
    )}
  </fieldset>`

const list = (phones: readonly PhoneState[]) =>
  phones.length === 0
    ? ''
    : html`
      <section class="card">
        <h2>Phones</h2>
        <ul>
          ${phones
            .slice(-PHONES_SHOWN)
            .map(
              ({ id, isConnected }, index) =>
                html`<li><a href="/phone/${id}">Phone ${index + 1}</a>: ${isConnected ? 'paired' : 'no longer paired'}</li>`,
            )}
        </ul>
      </section>`

/** A page of a thousand phones would help nobody. */
const PHONES_SHOWN = 20

/** The app before it is paired: a code can be entered, or came with the link that opened it. */
export const unpairedPage = ({
  code,
  applicationId,
  problem,
  phones,
}: {
  readonly code: string
  readonly applicationId: string
  readonly problem: string | null
  /** The phones that were paired before. */
  readonly phones: readonly PhoneState[]
}): Promise<Answer> =>
  pageAnswer(200, {
    title: 'A phone',
    notice: NOTICE,
    content: html`
      <form class="card" method="post" action="/phone">
        <h1>Pair this phone</h1>
        <p>Enter the code that the pairing page shows. The app is that of <code>${applicationId}</code>.</p>
        ${problem === null ? '' : html`<p role="alert"><strong>${problem}</strong></p>`}
        <label class="block" for="code">Pairing code</label>
        <input id="code" name="code" value="${code}" autocomplete="one-time-code" autocapitalize="characters" required />
        ${choices(PERMISSIONS.map(({ name }) => name))}
        <div class="actions">
          <button class="primary" name="do" value="pair">Pair</button>
          <button name="do" value="wrong" formnovalidate>Bring a wrong code</button>
          <button name="do" value="twice">Bring it with two phones</button>
        </div>
      </form>
      ${list(phones)}
      <section class="card">
        <h2>What else there is to see</h2>
        <ul class="quiet">
          <li>A code that has expired: bring it after fifteen minutes, by the service’s clock.</li>
          <li>Somebody who allows nothing, or not all: untick boxes, before pairing or later.</li>
          <li>Nothing can be down, slow or answer rubbish: no vendor is asked, the phone calls the service.</li>
          <li>Nothing can be renewed or revoked at a vendor: what ends here is told by the phone.</li>
        </ul>
      </section>`,
  })

/** The app once it is paired: it reports. */
export const pairedPage = ({ id, granted, isConnected, said }: PhoneState): Promise<Answer> =>
  pageAnswer(200, {
    title: isConnected ? 'A paired phone' : 'A phone that is no longer paired',
    notice: NOTICE,
    content: html`
      <form class="card" method="post" action="/phone/${id}">
        <h1>${isConnected ? 'This phone is paired' : 'This phone is no longer paired'}</h1>
        <p role="status">${said}</p>
        ${
          isConnected
            ? html`${choices(granted)}
                <div class="actions">
                  <button class="primary" name="do" value="report">Report what is allowed</button>
                  <button name="do" value="disconnect">Disconnect on this phone</button>
                  <button name="do" value="stranger">Report with somebody else’s token</button>
                  <button name="do" value="lose">Lose the phone</button>
                </div>`
            : html`<p><a href="/phone">Pair again</a></p>`
        }
      </form>`,
  })
