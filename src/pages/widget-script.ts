import { FOLDING } from './folding.ts'

/**
 * The list of sources, smoother. In a frame a vendor is opened in a window of its own; when the browser opens none, both
 * other ways are offered in place. While somebody is away the list asks for itself again and shows what changed: that
 * needs no opener, no storage and no cookie beyond the page's own. The application's page is told which source is
 * connected now, and how tall the list is, at the application's listed origins alone. The search answers while typing.
 */
export const WIDGET_SCRIPT = `
;(function () {
  var byId = function (id) { return document.getElementById(id) }
  var all = function (root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)) }
  var said = byId('said'), blocked = byId('blocked'), input = byId('q'), copy = byId('copy'), found = byId('found'), close = byId('close')
  var framed = window.parent !== window
  var listener = framed ? window.parent : window.opener
  var origins = said.dataset.origins ? said.dataset.origins.split(' ') : []
  var ancestor = framed && location.ancestorOrigins && location.ancestorOrigins[0]
  if (ancestor) origins = origins.filter(function (origin) { return origin === ancestor })
  var popup = null, timer = 0, counting = 0, until = 0, last = {}

  function tell(message) {
    if (!listener) return
    origins.forEach(function (origin) {
      try { listener.postMessage(message, origin) } catch (error) {}
    })
  }
  function say(text, tone) {
    said.className = 'said ' + tone
    if (said.textContent !== text) said.textContent = text
  }
  function states(root) {
    var found = {}
    all(root, '.source').forEach(function (row) {
      var state = row.dataset.state
      found[row.dataset.source] = {
        connected: state === 'connected',
        open: state === 'connected' || state === 'needs-attention',
        failed: row.dataset.failed,
        name: row.querySelector('h3').textContent
      }
    })
    return found
  }
  function changed(before, now) {
    var any = false
    Object.keys(now).forEach(function (id) {
      var was = before[id], is = now[id]
      if (was && is.failed && was.failed !== is.failed) {
        any = any || 'failed'
        say(said.dataset.failed.replace('{source}', is.name), 'calm')
      }
      if (!was || (was.connected === is.connected && was.open === is.open)) return
      if (is.connected || (was.open && !is.open)) {
        any = 'changed'
        var text = is.connected ? said.dataset.connected : said.dataset.disconnected
        say(text.replace('{source}', is.name), is.connected ? 'good' : 'calm')
        tell({ type: 'springbar.connection', dataSource: Number(id), connected: is.connected })
      }
    })
    return any
  }
  function wholeList() {
    var address = new URL(location.href)
    address.searchParams.delete('q')
    return address.pathname + address.search
  }
  function refresh() {
    return fetch(wholeList(), { cache: 'no-store' }).then(function (answer) {
      if (!answer.ok) { until = 0; return false }
      return answer.text().then(show)
    }).catch(function () { return false })
  }
  function show(text) {
    // The head has a style under the nonce of another answer, which this page's policy would complain about.
    var fresh = new DOMParser().parseFromString(text.slice(text.indexOf('<body')), 'text/html').getElementById('sources')
    if (!fresh) return false
    var now = states(fresh), any = changed(last, now)
    last = now
    if (!any) return false
    var focused = document.activeElement && document.activeElement.id
    var details = byId('unavailable'), open = details && details.open
    byId('sources').replaceWith(document.importNode(fresh, true))
    if (open && byId('unavailable')) byId('unavailable').open = true
    if (focused && byId(focused)) byId(focused).focus()
    filter()
    // A window that says why it failed stays, with its way to try again; what becomes of that is followed.
    if (any === 'failed') return false
    offer(null)
    if (popup) { try { popup.close() } catch (error) {} popup = null }
    until = 0
    return true
  }
  function offer(href) {
    var shown = blocked.nextElementSibling
    if (shown.matches('.notice')) shown.remove()
    if (!href) return
    blocked.after(blocked.content.cloneNode(true))
    byId('blocked-new').href = href
    byId('blocked-here').href = href
    byId('blocked-title').focus()
  }
  function look() {
    clearTimeout(timer)
    if (Date.now() > until) return
    refresh().then(function () {
      if (Date.now() < until) timer = setTimeout(look, 2000)
      else if (said.textContent === said.dataset.waiting) say('', 'calm')
    })
  }
  function follow() {
    until = Date.now() + 900000
    clearTimeout(timer)
    timer = setTimeout(look, 2000)
  }

  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('.source-actions a')
    if (!link || !framed || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    popup = null
    try { popup = window.open(link.href, '_blank', 'popup,width=520,height=760') } catch (error) {}
    follow()
    offer(popup ? null : link.href)
    if (popup) say(said.dataset.waiting, 'calm')
  })
  window.addEventListener('focus', function () { if (until) look() })
  document.addEventListener('visibilitychange', function () { if (!document.hidden && until) look() })
  window.addEventListener('pageshow', function (event) { if (event.persisted) refresh() })

  function plain(text) {${FOLDING}}
  function filter() {
    if (!input) return
    var wanted = plain(input.value.trim()), shown = 0
    all(document, '.source').forEach(function (row) {
      row.hidden = plain(row.querySelector('.about').textContent).indexOf(wanted) < 0
      if (!row.hidden) shown++
    })
    all(document, '.group').forEach(function (group) { group.hidden = !group.querySelector('.source:not([hidden])') })
    var details = byId('unavailable')
    if (details && wanted) details.open = true
    byId('none').hidden = shown > 0
    clearTimeout(counting)
    counting = setTimeout(function () {
      var count = new Intl.NumberFormat(document.documentElement.lang).format(shown)
      found.textContent = wanted ? found.dataset.text.replace('{count}', count) : ''
    }, 600)
  }
  if (input) {
    input.addEventListener('input', filter)
    byId('find').addEventListener('submit', function (event) { if (!location.search.match(/[?&]q=[^&]/)) event.preventDefault() })
    byId('find').querySelector('button').hidden = !location.search.match(/[?&]q=[^&]/)
  }
  if (copy) {
    copy.hidden = false
    copy.addEventListener('click', function () {
      var address = document.querySelector('.notice .address')
      var done = function () { copy.textContent = copy.dataset.copied }
      var byHand = function () {
        address.closest('details').open = true
        getSelection().selectAllChildren(address)
        if (document.execCommand('copy')) done()
      }
      if (navigator.clipboard) navigator.clipboard.writeText(copy.dataset.link).then(done, byHand)
      else byHand()
    })
  }
  if (!framed && window.opener && close) {
    close.hidden = false
    close.addEventListener('click', function () { window.close() })
  }
  if (framed && window.ResizeObserver)
    new ResizeObserver(function () {
      tell({ type: 'springbar.height', height: Math.ceil(document.querySelector('main').getBoundingClientRect().bottom + 56) })
    }).observe(document.querySelector('main'))
  if (!framed && said.dataset.address) history.replaceState(history.state, '', said.dataset.address + location.hash)
  last = states(document)
})()
`
