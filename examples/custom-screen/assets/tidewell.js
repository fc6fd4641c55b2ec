// What the page does by itself where scripts run. Without them everything works too, by links, forms and reloads.

/** Rewrites the instants on the page in the reader's own time zone. */
function localiseTimes() {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  for (const time of document.querySelectorAll('time'))
    time.textContent = format.format(new Date(time.dateTime))
}

/**
 * Puts the message and the sources of a fetched page in place of those shown. A page without them is the
 * sign-in or an error: then the whole page is loaded, so that the person sees it.
 */
async function show(response) {
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const parts = ['message', 'sources', 'told'].map((id) => [
    document.getElementById(id),
    page.getElementById(id),
  ])
  if (parts.some((pair) => pair.includes(null))) {
    location.assign('/')
    return
  }
  document.title = page.title
  // The address of an earlier return would tell its old outcome again at a reload.
  history.replaceState(null, '', '/')
  for (const [shown, fetched] of parts) shown.replaceChildren(...fetched.childNodes)
  localiseTimes()
  filter()
}

/** Disconnects in the background: the form is sent as it is, and only what changed on the page is replaced. */
async function sendForm(form) {
  const button = form.querySelector('button')
  if (button.ariaDisabled === 'true') return
  button.ariaDisabled = 'true'
  try {
    const body = new URLSearchParams(new FormData(form))
    await show(await fetch(form.action, { method: 'POST', body }))
    document.getElementById('message').focus()
  } catch {
    form.submit()
  }
}

/**
 * Looks after the state while another tab connects a source: when that tab closes, and when the person comes
 * back here. A vendor's page may cut the tie to its opener, and then `closed` is true too early: hence both.
 */
function watch(tab, source) {
  const look = async () => {
    try {
      await show(await fetch(`/?after=${source}`))
    } catch {
      // No answer: what is shown stays, and the next occasion asks again.
      return
    }
    if (document.querySelector(`#source-${source} details`) !== null) stop()
  }
  const timer = setInterval(() => {
    if (!tab.closed) return
    clearInterval(timer)
    void look()
  }, 500)
  const lookIfVisible = () => {
    if (document.visibilityState === 'visible') void look()
  }
  const stop = () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', lookIfVisible)
    window.removeEventListener('focus', lookIfVisible)
  }
  document.addEventListener('visibilitychange', lookIfVisible)
  window.addEventListener('focus', lookIfVisible)
}

document.addEventListener('submit', (event) => {
  if (!event.target.matches('form[data-background]')) return
  event.preventDefault()
  void sendForm(event.target)
})

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-new-tab]')
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
  if (link === null || !isPlain) return
  const tab = window.open('about:blank', '_blank')
  // Blocked: the link opens the tab by itself, and a reload shows the outcome.
  if (tab === null) return
  event.preventDefault()
  tab.opener = null
  tab.location.replace(link.href)
  watch(tab, link.dataset.newTab)
})

/** Asks for the page again when Springbar told of something, and replaces what is told. */
function listen() {
  const told = document.getElementById('told')
  if (told === null) return
  const source = new EventSource('/happenings')
  source.addEventListener('message', async () => {
    const page = await fetch('/').then(
      (response) => response.text(),
      () => null,
    )
    const fetched = new DOMParser().parseFromString(page ?? '', 'text/html').getElementById('told')
    if (fetched === null) return
    told.replaceChildren(...fetched.childNodes)
    localiseTimes()
  })
  source.addEventListener('end', () => source.close())
  window.addEventListener('pagehide', () => source.close())
}

/** Shows the sources that have what is written in the field, and says when there is none. */
function filter() {
  const field = document.getElementById('find')
  if (field === null) return
  const wanted = field.value.trim().toLowerCase()
  let shown = 0
  for (const row of document.querySelectorAll('.source')) {
    row.hidden = !row.querySelector('.about').textContent.toLowerCase().includes(wanted)
    if (!row.hidden) shown += 1
  }
  for (const group of document.querySelectorAll('.group')) {
    const count = group.querySelectorAll('.source:not([hidden])').length
    group.hidden = count === 0
    const told = group.querySelector('.how-many')
    if (told === null) continue
    told.textContent = String(count)
    if (wanted !== '') group.open = true
  }
  const words = shown === 0 ? 'No source has that in its name. Try fewer letters.' : ''
  document.getElementById('found').textContent = words
}

/** Lets the list follow each letter. */
function search() {
  const form = document.querySelector('form.search')
  if (form === null) return
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    filter()
  })
  form.addEventListener('input', filter)
}

search()
listen()
localiseTimes()
