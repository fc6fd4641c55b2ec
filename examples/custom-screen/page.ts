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

/** Where a person says who they are. There is no password. */
export function signInPage(): Html {
  return page({
    title: 'Sign in',
    signIn: null,
    content: html`<section class="narrow">
<h1>Your week at a glance</h1>
<p class="lead">Tidewell gathers how you moved, slept and recovered, from the devices that you already wear.</p>
<h2 id="who">Who is there?</h2>
<form class="people" method="post" action="/sign-in" aria-labelledby="who">
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
