import { html } from 'hono/html'
import { type Html, icon } from './icons.ts'
import { PEOPLE } from './people.ts'
import type { SignIn } from './sign-in.ts'

/** The frame of every page: head, top bar with who is signed in, and foot. */
export function page(options: {
  readonly title: string
  readonly signIn: SignIn | null
  readonly content: Html
}): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${options.title} – Tidewell</title>
<link rel="icon" href="/assets/tidewell.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/tidewell.css">
<script src="/assets/tidewell.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="/">${icon('tide')}<span>Tidewell</span></a>
${options.signIn === null ? '' : account(options.signIn)}
</header>
<main id="main" tabindex="-1">${options.content}</main>
<footer class="foot">
<p>Tidewell is made up, to show a connect screen of an application’s own. It connects and disconnects sources through
Springbar; it reads no health data.</p>
</footer>
</body>
</html>`
}

function account({ person, formToken }: SignIn): Html {
  const others = PEOPLE.filter((other) => other !== person)
  return html`<div class="account">
<p><span class="quiet">Signed in as</span> <strong>${person.name}</strong></p>
${others.map(
  (other) =>
    html`<form method="post" action="/sign-in"><button class="link" name="person" value="${other.id}">Switch to ${other.firstName}</button></form>`,
)}
<form method="post" action="/sign-out">${formTokenField(formToken)}<button class="link">Sign out</button></form>
</div>`
}

/** The hidden field that shows that a form comes from this screen. */
export function formTokenField(formToken: string): Html {
  return html`<input type="hidden" name="formToken" value="${formToken}">`
}

/** Where a person says who they are, before they go on. There is no password. */
export function signInPage(next: string | null = null): Html {
  return page({
    title: 'Sign in',
    signIn: null,
    content: html`<section class="narrow">
<h1>Your week at a glance</h1>
<p class="lead">Tidewell gathers how you moved, slept and recovered, from the devices that you already wear.</p>
${week()}
<h2 id="who">Who is there?</h2>
<form class="people" method="post" action="/sign-in" aria-labelledby="who">
${next === null ? '' : html`<input type="hidden" name="next" value="${next}">`}
${PEOPLE.map(
  (person) => html`<button class="person" name="person" value="${person.id}">
<span class="initial" aria-hidden="true">${person.firstName.slice(0, 1)}</span><span>${person.name}</span></button>`,
)}
</form>
<p class="quiet">This log-in is pretended: nobody asks for a password.</p>
</section>`,
  })
}

/** A plain page for when something is in the way, with a way on. */
export function troublePage(options: {
  readonly title: string
  readonly text: string
  readonly next: { readonly href: string; readonly label: string }
  readonly reference?: string | null
  readonly signIn: SignIn | null
}): Html {
  const { title, text, next, reference, signIn } = options
  return page({
    title,
    signIn,
    content: html`<section class="narrow">
<h1>${title}</h1>
<p class="lead">${text}</p>
<p><a class="button primary" href="${next.href}">${next.label}</a></p>
${reference == null ? '' : html`<p class="quiet">Should it stay like this, tell us this reference: <code>${reference}</code></p>`}
</section>`,
  })
}

/** The days of the week, each at its height above the waves. */
const DAYS = [
  ['M', 74],
  ['T', 66],
  ['W', 76],
  ['T', 88],
  ['F', 82],
  ['S', 66],
  ['S', 62],
] as const

/** Seven days above a tide: a picture of the product without a number in it. */
export function week(): Html {
  return html`<svg class="week" viewBox="0 42 420 148" aria-hidden="true" focusable="false">
<path class="tide tide-3" d="M0 92c50-30 95-30 140-8s95 26 140 2 90-34 140-10v114H0z"/>
<path class="tide tide-2" d="M0 118c50 18 95 20 140 0s95-28 140-6 90 26 140 2v76H0z"/>
<path class="tide tide-1" d="M0 150c50-16 95-18 140-2s95 20 140 0 90-22 140-4v46H0z"/>
${DAYS.map(
  ([name, y], index) => html`<circle class="day" cx="${30 + index * 60}" cy="${y}" r="15"/>
<text class="day-name" x="${30 + index * 60}" y="${y + 5}" text-anchor="middle">${name}</text>`,
)}
</svg>`
}
