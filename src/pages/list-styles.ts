/** What only the list of sources needs: its head, the search, the groups of sources and the notices among them. */
export const LIST_STYLES = `
.list main { max-inline-size: 44rem; margin-block: 0 auto; padding: 0; border: 0; background: none; box-shadow: none; border-radius: 0; }
.list.framed { padding: 1rem clamp(.75rem, 3vw, 1.5rem) .75rem; }
.list header { display: flex; align-items: flex-start; gap: 1rem; padding-inline: .25rem; }
.list header .tile { inline-size: 3.25rem; block-size: 3.25rem; font-size: 1.375rem; }
.list header > div { min-inline-size: 0; }
.list .lead { margin-block-start: .25rem; color: var(--quiet); }
.list .whose { margin-block-start: .625rem; }
.list section { margin-block-start: 1.5rem; }
.list h2 { padding-inline: .25rem; color: var(--quiet); font-size: .875rem; letter-spacing: .005em; }
.find { display: flex; gap: .5rem; margin-block-start: 1.25rem; }
.find label { position: relative; flex: 1 1 auto; min-inline-size: 0; }
.find .icon { position: absolute; inset-inline-start: .875rem; inset-block-start: .8125rem; inline-size: 1.25rem; block-size: 1.25rem; color: var(--quiet); pointer-events: none; }
.find input {
  inline-size: 100%; min-block-size: 2.875rem; padding: .5rem 1rem; padding-inline-start: 2.75rem; border: 1px solid var(--control);
  border-radius: calc(1.5rem * var(--round)); font: inherit; color: var(--ink); background: var(--card); -webkit-appearance: none; appearance: none;
}
.find .button { border-radius: calc(1.5rem * var(--round)); }
.find input::placeholder { color: var(--quiet); opacity: 1; }
.aloud { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.sources { list-style: none; margin-block-start: .5rem; border: 1px solid var(--edge); border-radius: calc(1.25rem * var(--round)); background: var(--card); box-shadow: var(--shadow); }
.source {
  position: relative; display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: .5rem 1rem;
  padding: 1rem 1.125rem; scroll-margin-block: 2rem;
}
.source:first-child { border-start-start-radius: calc(1.1875rem * var(--round)); border-start-end-radius: calc(1.1875rem * var(--round)); }
.source:last-child { border-end-start-radius: calc(1.1875rem * var(--round)); border-end-end-radius: calc(1.1875rem * var(--round)); }
.source + .source::before { content: ""; position: absolute; inset-block-start: 0; inset-inline: 5.125rem 0; border-block-start: 1px solid var(--edge); }
.source .tile { align-self: start; inline-size: 3rem; block-size: 3rem; border-radius: calc(.875rem * var(--round)); font-size: 1.25rem; }
.source:target { background: var(--soft); }
.source[data-state=not-connected] { padding-block: .625rem; }
.source[hidden], .group[hidden] { display: none; }
.about { min-inline-size: 0; }
.about .quiet { font-size: .9375rem; line-height: 1.45; }
.state { display: flex; align-items: start; gap: .375rem; margin-block-start: .25rem; font-size: .875rem; line-height: 1.45; font-weight: 580; }
.state .icon { inline-size: 1.125rem; block-size: 1.125rem; margin-block-start: .0625rem; stroke-width: 2.5; }
.state.good { color: var(--good); }
.state.careful { color: var(--careful); }
.state time { white-space: nowrap; }
.state.quiet { font-size: .875rem; font-weight: 450; }
.source-actions { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: .5rem; max-inline-size: 17rem; }
.source-actions .button { min-block-size: 2.75rem; padding: .375rem 1rem; border-radius: calc(1.375rem * var(--round)); font-size: .9375rem; }
.source-actions .plain { font-weight: 550; }
.source-actions .reach::after { content: ""; position: absolute; inset: 0; border-radius: calc(1.1875rem * var(--round)); }
.source:has(.reach:hover) { background: var(--hover); }
.needs { border-color: var(--careful); background: var(--card); }
.said { display: flex; align-items: center; gap: .5rem; margin-block-start: 1.25rem; padding: .75rem 1.125rem; border-radius: calc(1rem * var(--round)); font-weight: 580; color: var(--good); background: var(--good-back); }
.said:empty { display: none; }
.said.calm { color: var(--calm); background: var(--calm-back); }
.list .notice { padding: 1rem 1.25rem 1.25rem; }
.list .notice h2 { padding: 0; color: var(--careful); font-size: 1rem; letter-spacing: 0; }
.list .notice p { font-size: .9375rem; }
.notice .row { display: flex; flex-wrap: wrap; gap: .625rem; margin-block-start: .5rem; }
.notice .qr { max-inline-size: 11rem; margin-block-start: .5rem; }
.notice .address { font-size: .8125rem; font-weight: 450; line-height: 1.4; }
.notice summary { color: inherit; }
.none { margin-block-start: 1.5rem; text-align: center; color: var(--quiet); }
.promise { display: flex; justify-content: center; align-items: start; gap: .5rem; margin-block-start: 1.75rem; color: var(--quiet); font-size: .875rem; }
.promise .icon { inline-size: 1.125rem; block-size: 1.125rem; margin-block-start: .125rem; stroke-width: 2; }
.done { display: grid; justify-content: center; margin-block-start: 1.25rem; }
summary {
  display: flex; align-items: center; gap: .5rem; min-block-size: 2.75rem; cursor: pointer; border-radius: calc(.5rem * var(--round));
  list-style: none; color: var(--quiet);
}
summary::-webkit-details-marker { display: none; }
summary::after {
  content: ""; inline-size: .5rem; block-size: .5rem; margin-block-end: .25rem; transform: rotate(45deg);
  border: solid currentColor; border-width: 0 2px 2px 0;
}
[open] > summary::after { margin-block: .25rem 0; transform: rotate(225deg); }
details .sources { margin-block-start: .25rem; box-shadow: none; background: none; }
details .tile { opacity: .75; filter: grayscale(1); }
@media (max-width: 36rem) {
  .list header { gap: .75rem; }
  .source { grid-template-columns: auto minmax(0, 1fr); column-gap: .875rem; padding: .875rem 1rem; }
  .source .tile { inline-size: 2.5rem; block-size: 2.5rem; border-radius: calc(.75rem * var(--round)); font-size: 1.0625rem; }
  .source + .source::before { inset-inline-start: 4.375rem; }
  .source-actions { grid-column: 2; justify-content: flex-start; max-inline-size: none; }
  .about .quiet { font-size: .875rem; line-height: 1.4; }
  .source-actions .button { padding-inline: .75rem; font-size: .875rem; }
  .source:has(.word) { grid-template-columns: auto minmax(0, 1fr) auto; }
  .source:has(.word) .source-actions { grid-column: 3; }
  .button:has(.word) { position: static; inline-size: 2.75rem; padding: 0; overflow: hidden; }
  .button:has(.word)::before {
    content: ""; inline-size: 1rem; block-size: 1rem; background:
      linear-gradient(currentColor 0 0) center / 100% 2px no-repeat, linear-gradient(currentColor 0 0) center / 2px 100% no-repeat;
  }
  .button .word { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .find .button { padding-inline: 1rem; }
}
@media (max-width: 17rem) {
  .list header { display: block; }
  .list header .tile, .find .icon { display: none; }
  .find { flex-wrap: wrap; }
  .find input { padding-inline: 1rem; }
  .source, .source:has(.word) { grid-template-columns: minmax(0, 1fr); padding: .75rem; }
  .source-actions, .source:has(.word) .source-actions { grid-column: 1; }
  .source-actions .button { padding-inline: .75rem; }
  .source + .source::before { inset-inline-start: 0; }
  .state time { white-space: normal; }
}
@media (prefers-reduced-motion: no-preference) {
  .source { transition: background-color .2s; }
  .said:not(:empty) { animation: arrive .3s cubic-bezier(.2, .8, .3, 1); }
}
@keyframes arrive { from { transform: translateY(-.375rem); } }
@media (forced-colors: active) {
  .said { border: 1px solid CanvasText; }
  .button:has(.word)::before { forced-color-adjust: none; color: LinkText; }
  .source:target { outline: 2px solid Highlight; outline-offset: -2px; }
}
`
