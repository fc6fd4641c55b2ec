/**
 * `<springbar-connect href="…">`: a button that opens a link of the backend and tells how it ended.
 *
 * @module @springbar/sdk/element — owns the web component alone; opening and hearing are `browser.ts`'s. Its styles are closed;
 * `::part(button)`, `::part(status)` and the custom properties `--springbar-connect-color`, `-background`, `-radius` and
 * `-font` change its look. Safe to import on a server.
 */
import { type OpenIn, type OpenOutcome, openSpringbar } from './browser.ts'
import { invalidArgument } from './errors.ts'

const STYLE = `:host{display:inline-block}
button{min-height:44px;padding:0 1.25em;border:1px solid transparent;cursor:pointer;
font:var(--springbar-connect-font,600 1rem system-ui,sans-serif);color:var(--springbar-connect-color,#fff);
background:var(--springbar-connect-background,#14532d);border-radius:var(--springbar-connect-radius,10px)}
button:focus-visible{outline:3px solid currentColor;outline-offset:2px;box-shadow:0 0 0 2px Canvas}
button[aria-disabled=true]{opacity:.6;cursor:default}
[part=status]{display:block;font:1rem system-ui,sans-serif}`

/**
 * Registers `<springbar-connect>`, once. Attributes: `href` (the link), `open-in` (`popup`, `same-window`), `busy-text`,
 * `failed-text`. Property `getUrl`: the way to get a link at the click, instead of `href`. Its content is the button's words.
 * Events: `springbar-outcome`, whose `detail` is an {@link OpenOutcome}, and `springbar-error`, whose `detail` is the error; both bubble, also out of a shadow.
 */
export function defineSpringbarConnect(name = 'springbar-connect'): void {
  if (typeof customElements === 'undefined' || customElements.get(name) !== undefined) return
  // The platform takes custom elements as classes and no other way.
  customElements.define(
    name,
    class extends HTMLElement {
      getUrl: (() => Promise<string>) | null = null
      readonly #root = this.attachShadow({ mode: 'closed' })

      connectedCallback(): void {
        if (this.#root.childElementCount > 0) return
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(STYLE)
        this.#root.adoptedStyleSheets = [sheet]
        const button = document.createElement('button')
        button.type = 'button'
        button.setAttribute('part', 'button')
        button.append(document.createElement('slot'))
        const status = document.createElement('span')
        status.setAttribute('part', 'status')
        status.setAttribute('role', 'status')
        this.#root.append(button, status)
        button.addEventListener('click', () => void this.#open(button, status))
      }

      async #open(button: HTMLButtonElement, status: HTMLElement): Promise<void> {
        if (button.getAttribute('aria-disabled') === 'true') return
        button.setAttribute('aria-disabled', 'true')
        status.textContent = this.getAttribute('busy-text') ?? ''
        try {
          const url = this.getUrl ?? this.getAttribute('href')
          if (url === null || url === '') throw invalidArgument('href is missing.')
          const openIn: OpenIn = this.getAttribute('open-in') === 'same-window' ? 'same-window' : 'popup'
          const detail: OpenOutcome = await openSpringbar({ url, openIn }).outcome
          status.textContent = ''
          this.dispatchEvent(new CustomEvent('springbar-outcome', { detail, bubbles: true, composed: true }))
        } catch (error) {
          status.textContent = this.getAttribute('failed-text') ?? 'That did not work. Please try again.'
          this.dispatchEvent(
            new CustomEvent('springbar-error', { detail: error, bubbles: true, composed: true }),
          )
        } finally {
          button.removeAttribute('aria-disabled')
        }
      }
    },
  )
}
