/** Path of the stylesheet; below the sandbox's own prefix, so that it never meets a vendor's host. */
export const STYLESHEET_PATH = '/_sandbox/style.css'

/** The one stylesheet of the sandbox's pages: 320 to 1280 pixels, light and dark. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --page: #f4f5f3; --card: #ffffff; --text: #1c211e; --quiet: #55605a; --line: #cfd6d1;
  --accent: #1f6b4a; --on-accent: #ffffff; --notice: #fff3cf; --on-notice: #4a3800; --notice-line: #d9b64a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #141816; --card: #1e2421; --text: #e8ece9; --quiet: #a9b5ae; --line: #3c4640;
    --accent: #7fd1a8; --on-accent: #0d2117; --notice: #3a3013; --on-notice: #ffe9a8; --notice-line: #8a7225;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere;
}
.notice {
  background: var(--notice); color: var(--on-notice); border-bottom: 1px solid var(--notice-line);
  padding: .625rem 1rem; text-align: center; font-weight: 600;
}
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
main.wide { max-width: 64rem; }
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; margin: 0 0 1.25rem;
}
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; text-wrap: balance; }
.card > :last-child { margin-bottom: 0; }
h2 { font-size: 1.125rem; line-height: 1.3; margin: 0 0 .5rem; }
p { margin: 0 0 .75rem; }
.quiet { color: var(--quiet); }
fieldset { border: 0; margin: 1.25rem 0 0; padding: 0; min-width: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: .375rem; }
.choice {
  display: flex; gap: .75rem; align-items: flex-start; padding: .625rem 0; border-top: 1px solid var(--line);
}
.choice input { flex: none; width: 1.25rem; height: 1.25rem; margin: .125rem 0 0; accent-color: var(--accent); }
.choice small { display: block; color: var(--quiet); }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
button {
  font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.25rem; border-radius: .5rem;
  border: 1px solid var(--accent); background: transparent; color: var(--accent); cursor: pointer;
}
.actions button { flex: 1 1 8rem; }
button.primary { background: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
details { margin-top: 1.5rem; border-top: 1px solid var(--line); padding-top: .75rem; }
summary { cursor: pointer; font-weight: 600; padding: .375rem 0; }
label.block { display: block; font-weight: 600; margin: .75rem 0 .25rem; }
select, input:not([type=checkbox], [type=radio]) {
  font: inherit; width: 100%; min-height: 2.75rem; padding: .25rem .5rem; color: var(--text);
  background: var(--card); border: 1px solid var(--quiet); border-radius: .5rem;
}
pre {
  margin: 0 0 .75rem; padding: .75rem; background: var(--page); border: 1px solid var(--line);
  border-radius: .5rem; white-space: pre-wrap;
}
code, pre { font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
a { color: var(--accent); }
ul { margin: 0 0 .75rem; padding-left: 1.25rem; }
.grid { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(13.5rem, 100%), 1fr)); }
.grid .card { margin: 0; }
.grant { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; justify-content: space-between; }
.grant + .grant { border-top: 1px solid var(--line); margin-top: .75rem; padding-top: .75rem; }
.grant p { margin: 0; flex: 1 1 14rem; }
h2 a { text-underline-offset: .15em; }
.press { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; margin-top: .75rem; }
.press button { flex: 0 1 auto; text-align: start; }
.press span { flex: 1 1 14rem; }
.press + p { margin-top: 1rem; }
.done { border-inline-start: .25rem solid var(--accent); padding: .25rem 0 .25rem .75rem; }
section { margin-bottom: 2rem; }
`
