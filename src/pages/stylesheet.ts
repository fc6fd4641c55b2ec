import { LIST_STYLES } from './list-styles.ts'

const LIGHT = `
--page: #f2f3ef; --card: #ffffff; --edge: #e0e3dc; --ink: #17211e; --quiet: #55615c;
--accent: #0d5c56; --on-accent: #ffffff; --accent-hover: #0a4a45; --soft: #e1efec; --soft-ink: #0d5c56; --soft-hover: #d0e5e1; --hover: #eff2ee; --control: #828d87;
--good: #146c43; --good-back: #e2f3e8; --calm: #44524d; --calm-back: #e9edea; --careful: #865300; --careful-back: #fdf0d5;
--strong: #a32a2a; --on-strong: #ffffff; --strong-hover: #8a2020; --metal: #aab4ae; --coil: #f4f6f3;
--tile-front: 24%; --tile-back: 89%; --tile-front-saturation: 66%; --tile-back-saturation: 62%;
--shadow: 0 1px 2px rgb(23 33 30 / .05), 0 12px 32px rgb(23 33 30 / .07);
`

const DARK = `
--page: #101514; --card: #191f1d; --edge: #2b3431; --ink: #e8eeeb; --quiet: #a3afa9;
--accent: #74d3c6; --on-accent: #06221f; --accent-hover: #92e0d5; --soft: #1b3733; --soft-ink: #74d3c6; --soft-hover: #224440; --hover: #232b28; --control: #73807a;
--good: #7fd8a4; --good-back: #143524; --calm: #c0cbc6; --calm-back: #2a3330; --careful: #f2c572; --careful-back: #3a2c0e;
--strong: #bf4444; --on-strong: #ffffff; --strong-hover: #ab3b3b; --metal: #5d6964; --coil: #2a3330;
--tile-front: 84%; --tile-back: 22%; --tile-front-saturation: 70%; --tile-back-saturation: 34%;
--shadow: none;
`

const BASE = `
:root { color-scheme: light dark; --way: 1; --round: 1; ${LIGHT} }
[dir=rtl] { --way: -1; }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; background: var(--page); }
body {
  display: flex; flex-direction: column; align-items: center; min-block-size: 100vh; min-block-size: 100dvh;
  margin: 0; padding: clamp(.75rem, 4vw, 3rem); padding-block-end: 1rem; gap: 1rem;
  color: var(--ink); background: var(--page); overflow-wrap: anywhere;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
}
main {
  inline-size: 100%; max-inline-size: 28rem; margin-block: auto; padding: clamp(1.5rem, 6vw, 2.5rem);
  border: 1px solid var(--edge); border-radius: calc(1.5rem * var(--round)); background: var(--card); box-shadow: var(--shadow);
}
footer { color: var(--quiet); font-size: .8125rem; }
.wordmark { font-weight: 650; letter-spacing: .01em; }
h1, h2, h3, p, ul { margin: 0; padding: 0; }
h1 { font-size: clamp(1.375rem, 1.1rem + 1.4vw, 1.625rem); line-height: 1.25; font-weight: 680; letter-spacing: -.012em; text-wrap: balance; }
h2 { font-size: 1rem; line-height: 1.4; font-weight: 650; }
h3 { font-size: 1rem; line-height: 1.4; font-weight: 650; }
:root:is(:lang(ar), :lang(bn), :lang(fa), :lang(he), :lang(hi), :lang(ja), :lang(ko), :lang(th), :lang(zh)) :is(h1, h2) { letter-spacing: normal; }
:root:is(:lang(bn), :lang(fa), :lang(hi), :lang(th)) h1 { line-height: 1.45; }
:root:is(:lang(bn), :lang(hi), :lang(th)) body { line-height: 1.7; }
:root:is(:lang(bn), :lang(hi), :lang(th)) :is(h2, h3, .button, .about .quiet, .state) { line-height: 1.6; }
:root:lang(ko) body { word-break: keep-all; }
:root:lang(ja) body { word-break: auto-phrase; }
p, li { text-wrap: pretty; }
.quiet { color: var(--quiet); }
.small { color: var(--quiet); font-size: .875rem; }
code { font: 600 .9375em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--ink); user-select: all; -webkit-user-select: all; }
.address { font-weight: 600; color: var(--ink); user-select: all; -webkit-user-select: all; }
.icon { display: block; flex: none; fill: none; stroke: currentColor; stroke-width: 2.25; stroke-linecap: round; stroke-linejoin: round; }
`

const CARD = `
.card main, .frame main { text-align: center; }
.card h1, .frame h1 { margin-block-end: .625rem; }
.card .lead + .quiet, .card .lead + p, .card p + .quiet { margin-block-start: .5rem; }
.card main > p, .card [role=status] p { text-wrap: balance; }
.card main .problem { margin-block: 1.25rem; text-wrap: pretty; }
.card .small { margin-block-start: .75rem; }
.card :is(form, .actions) + .small { margin-block-start: 1.25rem; }
.card .small + .small { margin-block-start: .25rem; }
.frame { padding: .5rem; }
.frame main { padding: 1.25rem; margin-block-end: 0; box-shadow: none; border-radius: calc(1rem * var(--round)); }
.frame footer { margin-block-end: auto; }
.frame h1 { font-size: 1.125rem; }
.tile {
  display: grid; place-items: center; flex: none; inline-size: 3.5rem; block-size: 3.5rem;
  border: 1px solid transparent; border-radius: calc(1rem * var(--round)); font-size: 1.5rem; line-height: 1; font-weight: 680;
  color: hsl(var(--hue) var(--tile-front-saturation) var(--tile-front));
  background: hsl(var(--hue) var(--tile-back-saturation) var(--tile-back));
}
.tile-logo { border: 0; background: none; }
.tile picture { display: contents; }
.tile img { inline-size: 100%; block-size: 100%; object-fit: contain; border-radius: inherit; }
.tile-application { color: var(--card); background: var(--ink); }
.pair { display: flex; align-items: center; justify-content: center; margin-block-end: 1.5rem; }
.join { position: relative; display: grid; place-items: center; inline-size: 6rem; block-size: 3.5rem; }
.pin { inline-size: 100%; fill: var(--metal); }
.coil { fill: none; stroke: var(--coil); stroke-width: 2; stroke-linecap: round; }
.apart .tile:first-child { transform: translateX(calc(-.375rem * var(--way))); }
.apart .tile:last-child { transform: translateX(calc(.375rem * var(--way))); }
.badge {
  display: grid; place-items: center; inline-size: 2.25rem; block-size: 2.25rem; border-radius: 50%;
  border: 1px solid transparent; outline: 4px solid var(--card);
}
.badge .icon { inline-size: 1.25rem; block-size: 1.25rem; }
.join .badge { position: absolute; }
.emblem { display: grid; place-items: center; margin-block-end: 1.25rem; }
.emblem .badge { inline-size: 4rem; block-size: 4rem; }
.emblem .icon { inline-size: 2rem; block-size: 2rem; stroke-width: 1.75; }
.badge.good { color: var(--good); background: var(--good-back); }
.badge.calm { color: var(--calm); background: var(--calm-back); }
.badge.careful { color: var(--careful); background: var(--careful-back); }
.whose {
  display: inline-block; max-inline-size: 100%; padding: .125rem .75rem; border-radius: calc(1rem * var(--round));
  background: var(--calm-back); font-size: .9375rem;
}
.points { margin-block-start: 1.25rem; padding-inline-start: 1.25rem; text-align: start; }
.points li { padding-inline-start: .25rem; }
.points li + li { margin-block-start: .375rem; }
.points li::marker { color: var(--metal); }
.notice {
  display: grid; gap: .375rem; margin-block-start: 1.25rem; padding: 1rem 1.125rem; border-radius: calc(1rem * var(--round));
  background: var(--careful-back); text-align: start;
}
.notice h2 { color: var(--careful); }
`

const CONTROLS = `
.actions { display: grid; gap: .625rem; margin-block-start: 1.5rem; }
.button {
  display: inline-flex; align-items: center; justify-content: center; min-block-size: 2.875rem;
  padding: .5rem 1.25rem; border: 1px solid var(--control); border-radius: calc(.875rem * var(--round)); cursor: pointer;
  font: inherit; font-weight: 620; line-height: 1.3; text-align: center; text-decoration: none;
  color: var(--ink); background: var(--card);
}
.button:hover { background: var(--hover); }
.choices { padding: 0; list-style: none; }
.choices .button { inline-size: 100%; }
.button.primary { color: var(--on-accent); background: var(--accent); border-color: transparent; }
.button.primary:hover { background: var(--accent-hover); }
.button.soft { color: var(--soft-ink); background: var(--soft); border-color: transparent; }
.button.soft:hover { background: var(--soft-hover); }
.button.strong { color: var(--on-strong); background: var(--strong); border-color: transparent; }
.button.strong:hover { background: var(--strong-hover); }
.button[hidden] { display: none; }
.actions:not(:has(:not([hidden]))) { display: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
`

const FIELDS = `
.field { display: grid; gap: .25rem; margin-block-start: 1rem; text-align: start; }
.field label { font-size: .9375rem; font-weight: 580; }
.field input {
  inline-size: 100%; min-block-size: 2.875rem; padding: .5rem .875rem; border: 1px solid var(--control); border-radius: calc(.875rem * var(--round));
  font: inherit; color: var(--ink); background: var(--card);
}
.field input[aria-invalid=true] { border-color: var(--strong); }
[dir=rtl] .field input { text-align: end; }
.problem {
  margin-block-start: 1.25rem; padding: .75rem 1.125rem; border-radius: calc(1rem * var(--round)); text-align: start;
  color: var(--careful); background: var(--careful-back);
}
`

const PAIRING = `
.codes { display: grid; justify-items: center; gap: .5rem; margin-block-start: 1rem; }
ol.points li::marker { color: var(--quiet); }
.qr { inline-size: 100%; max-inline-size: 13rem; block-size: auto; border-radius: calc(.75rem * var(--round)); }
.qr-light { fill: #ffffff; }
.qr-dark { fill: #000000; }
.codes .small { display: block; margin: 0; }
.pairing-code { font-size: 1.625rem; letter-spacing: .08em; }
.card .actions.more { margin-block-start: .625rem; }
`

const CIRCUMSTANCES = `
@media (prefers-reduced-motion: no-preference) {
  .button { transition: background-color .15s; }
  .pair.joined .tile:first-child { animation: from-start .45s cubic-bezier(.2, .8, .3, 1); }
  .pair.joined .tile:last-child { animation: from-end .45s cubic-bezier(.2, .8, .3, 1); }
}
@keyframes from-start { from { transform: translateX(calc(-.75rem * var(--way))); } }
@keyframes from-end { from { transform: translateX(calc(.75rem * var(--way))); } }
@media (forced-colors: active) {
  .tile, .badge, .whose, .notice { border: 1px solid CanvasText; }
  .badge { outline-color: Canvas; }
  .pin { fill: CanvasText; }
  .coil { stroke: Canvas; }
  .button { border-color: ButtonBorder; }
}
@media (max-width: 17rem) {
  body { padding: .5rem; hyphens: auto; }
  main { padding: 1rem; }
  .join { inline-size: 3rem; }
  .button { padding-inline: .75rem; }
}
@media print { main { border: 0; box-shadow: none; } .actions { display: none; } }
`

const HUES = [4, 28, 46, 78, 128, 164, 190, 212, 240, 268, 300, 334]

const TILES = HUES.map((hue, index) => `.tile-${index} { --hue: ${hue}; }`).join('\n')

const packed = (...parts: readonly string[]): string =>
  parts
    .join('')
    .replace(/\s*\n\s*/g, '\n')
    .trim()

/**
 * The one stylesheet of all pages, small enough to stand in each, so that the first view is one round trip. Colours
 * are custom properties, given twice: light and dark. Text keeps a contrast of 4.5 : 1 at least, controls 3 : 1
 * (WCAG 2.2 AA). Distances follow the direction of writing.
 */
export const STYLESHEET = packed(BASE, CARD, CONTROLS, FIELDS, PAIRING, TILES, CIRCUMSTANCES)

/** The same with what only the list of sources needs. */
export const LIST_STYLESHEET = packed(STYLESHEET, LIST_STYLES)
