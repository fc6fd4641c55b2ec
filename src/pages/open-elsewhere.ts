import type { Language } from './language.ts'
import { serviceLink } from './links.ts'
import { type Markup, markup } from './markup.ts'
import { phrase, plainPhrase } from './phrase.ts'
import { qrCode } from './qr-code.ts'

/** The way out of a browser inside another app. */
export interface OpenElsewhereView {
  /** The list's whole address, for another browser. */
  readonly url: string
  /** What makes the phone open its own browser: an `intent:` or an `x-safari-…:` address; null where there is none. */
  readonly browserUrl: string | null
}

const BROWSER_URL = /^(?:intent|x-safari-https?):\/\/[^\s"<>\\]+$/

/** Says where the person is, and three ways out: a button, the link to copy, and a picture for another device. */
export function openElsewhere(view: OpenElsewhereView, { messages }: Language): Markup {
  const url = serviceLink(view.url)
  if (url === null) throw new TypeError('The list is at an address of the service')
  const { browserUrl } = view
  const open =
    browserUrl === null || !BROWSER_URL.test(browserUrl)
      ? null
      : markup`<a class="button primary" href="${browserUrl}">${phrase(messages, 'in-app.open')}</a>`
  return markup`<section class="notice" aria-labelledby="in-app">
<h2 id="in-app">${phrase(messages, 'in-app.title')}</h2>
<p>${phrase(messages, 'in-app.text')}</p>
<div class="row">${open}<button class="button plain" type="button" id="copy" data-link="${url}" data-copied="${messages['in-app.copied']}" hidden>${phrase(messages, 'in-app.copy')}</button></div>
<details><summary>${phrase(messages, 'in-app.otherwise')}</summary>
<p class="address" dir="ltr">${url}</p>
${qrCode(url, plainPhrase(messages, 'in-app.picture'))}</details>
</section>`
}
