/**
 * The result page: takes the session token out of the address bar and the history, and offers a button that closes
 * the window when another window opened it; a browser lets a script close no other.
 */
export const RESULT_SCRIPT = `
var url = new URL(location.href)
if (url.searchParams.has('token')) {
  url.searchParams.delete('token')
  history.replaceState(history.state, '', url.pathname + url.search)
}
var button = document.getElementById('close')
if (button && window.opener) {
  button.hidden = false
  button.addEventListener('click', function () { window.close() })
}
`

/**
 * Pages with a one-time form: a second click while the first is on its way does nothing. An answer that led to an app on
 * the device leaves the page where it is, so the form works again when the person comes back to it.
 */
export const SEND_ONCE_SCRIPT = `
var sent = false
function allow() { sent = false }
document.addEventListener('submit', function (event) {
  if (sent) event.preventDefault()
  sent = true
})
window.addEventListener('pageshow', allow)
window.addEventListener('focus', allow)
document.addEventListener('visibilitychange', allow)
`
