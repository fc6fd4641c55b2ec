/**
 * What an application's page does in the person's browser.
 *
 * @module @springbar/sdk/browser — owns opening a link of the backend in a window, a frame or in place, and hearing how it
 * ended. It holds no credential: links come from the application's backend. Safe to import on a server, where nothing runs
 * until it is called. Whatever it tells is a hint for the page; what is true, the backend asks with `redeemResult`.
 */
import { invalidArgument } from './errors.ts'
import { isRecord } from './request.ts'
import { type Action, type ConnectionResult, readResult } from './result.ts'

export type { Action, ConnectionResult } from './result.ts'

/** Where a link is opened. `frame` is for the widget alone: vendors refuse frames. */
export type OpenIn = 'popup' | 'frame' | 'same-window'

/** What to open, and how. */
export interface OpenOptions {
  /** A link of the backend, or the way to get one: the window is opened before it is asked for, while the click counts. */
  readonly url: string | (() => Promise<string>)
  /** `popup` unless told. Where the browser opens none, the link is followed in the same window. */
  readonly openIn?: OpenIn
  /** Where the frame is put; needed for `frame`. */
  readonly container?: HTMLElement
  /** What the frame is called for people who do not see it. */
  readonly frameTitle?: string
  /** What the person sets out to do; `connect` unless told. */
  readonly action?: Action
  /** Called for each change that the widget tells. */
  readonly onChange?: (change: SourceChange) => void
}

/** A source whose state changed in the widget. */
export interface SourceChange {
  readonly dataSource: number
  readonly connected: boolean
}

/** How it ended. In the same window the page is left, and the outcome stands in the return URL. */
export interface OpenOutcome {
  /** What the return page read; null when the window was closed, or the person came back by the browser's own button. */
  readonly result: ConnectionResult | null
  /** What the widget told. */
  readonly changes: readonly SourceChange[]
}

/** Something that was opened. */
export interface Opened {
  readonly openIn: OpenIn
  /** Settles when the person is back or has closed it; rejects when the link could not be had. */
  readonly outcome: Promise<OpenOutcome>
  /** Closes the window or takes the frame away. */
  close(): void
}

const CHANNEL = 'springbar.return'
const HEARD = 'springbar.heard'
/** How long a return page waits to hear that it was heard, before it closes all the same. */
const HEARD_WITHIN_MS = 2_000
const LEFT_KEY = 'springbar.same-window'
const LOOK_MS = 300

/**
 * Opens a link of the backend. Call it in the click itself.
 * @throws SpringbarError `invalid_argument` when a frame has no container
 */
export function openSpringbar(options: OpenOptions): Opened {
  const openIn = options.openIn ?? 'popup'
  if (openIn === 'frame') return openFrame(options)
  // A window begins with a copy of this page's storage: what an earlier trip left there is not about it.
  if (openIn === 'popup') forgetSameWindow()
  const popup = openIn === 'popup' ? window.open('about:blank', '_blank', 'popup,width=520,height=760') : null
  return popup === null ? openHere(options) : openPopup(options, popup)
}

const linkOf = async ({ url }: OpenOptions): Promise<string> => {
  const link = typeof url === 'string' ? url : await url()
  const { protocol } = new URL(link, location.href)
  if (protocol !== 'https:' && protocol !== 'http:') throw invalidArgument('url must be a web address.')
  return link
}

function openHere(options: OpenOptions): Opened {
  const outcome = linkOf(options).then((link) => {
    try {
      sessionStorage.setItem(LEFT_KEY, '1')
    } catch {
      // Without storage the return page stays open all the same.
    }
    const back = new Promise<OpenOutcome>((resolve) => {
      // A browser may keep this page and show it again at "back": the person is here then, without an outcome.
      const listener = ({ persisted }: PageTransitionEvent) => {
        if (!persisted) return
        window.removeEventListener('pageshow', listener)
        forgetSameWindow()
        resolve({ result: null, changes: [] })
      }
      window.addEventListener('pageshow', listener)
    })
    location.assign(link)
    return back
  })
  return { openIn: 'same-window', outcome, close: () => {} }
}

function openPopup(options: OpenOptions, popup: Window): Opened {
  const changes: SourceChange[] = []
  const ends: (() => void)[] = []
  const outcome = new Promise<OpenOutcome>((resolve, reject) => {
    const end = (result: ConnectionResult | null) => resolve({ result, changes })
    linkOf(options).then(
      (link) => {
        const { origin } = new URL(link, location.href)
        ends.push(hearChanges(() => popup, origin, changes, options))
        ends.push(hearReturn(popup, options.action ?? 'connect', sourceIn(link), end))
        popup.location.replace(link)
      },
      (error: unknown) => {
        popup.close()
        reject(error)
      },
    )
    // A vendor that cuts the opener off makes the window look closed: it is, once the person looks at this page again. Seen
    // twice, since what the return page said before it closed may still be on its way.
    let looks = 0
    const timer = setInterval(() => {
      looks = popup.closed && document.hasFocus() ? looks + 1 : 0
      if (looks === 2) end(null)
    }, LOOK_MS)
    ends.push(() => clearInterval(timer))
  }).finally(() => {
    for (const stop of ends) stop()
  })
  return { openIn: 'popup', outcome, close: () => popup.close() }
}

function openFrame(options: OpenOptions): Opened {
  const { container, frameTitle = 'Connect your devices' } = options
  if (container === undefined) throw invalidArgument('container is missing.')
  const frame = document.createElement('iframe')
  const changes: SourceChange[] = []
  let stop = () => {}
  let finish: (outcome: OpenOutcome) => void = () => {}
  const outcome = new Promise<OpenOutcome>((resolve, reject) => {
    finish = resolve
    linkOf(options).then((link) => {
      const { origin } = new URL(link, location.href)
      stop = hearChanges(
        () => frame.contentWindow,
        origin,
        changes,
        options,
        (height) => {
          frame.style.height = `${height}px`
        },
      )
      frame.title = frameTitle
      frame.style.cssText = 'border:0;width:100%;height:600px'
      frame.src = link
      container.append(frame)
    }, reject)
  })
  const close = () => {
    stop()
    frame.remove()
    finish({ result: null, changes })
  }
  return { openIn: 'frame', outcome, close }
}

/** Hears the widget, from its exact origin and the very window that was opened. */
function hearChanges(
  from: () => Window | null,
  origin: string,
  changes: SourceChange[],
  { onChange }: OpenOptions,
  onHeight: (height: number) => void = () => {},
): () => void {
  const listener = (event: MessageEvent<unknown>) => {
    if (event.origin !== origin || event.source !== from() || !isRecord(event.data)) return
    const { type, dataSource, connected, height } = event.data
    if (type === 'springbar.height' && typeof height === 'number' && height > 0)
      onHeight(Math.min(height, 5_000))
    if (type !== 'springbar.connection') return
    if (typeof dataSource !== 'number' || typeof connected !== 'boolean') return
    const change = Object.freeze({ dataSource, connected })
    changes.push(change)
    onChange?.(change)
  }
  window.addEventListener('message', listener)
  return () => window.removeEventListener('message', listener)
}

/** Hears the application's own return page: from the window, or where that was cut off, over a channel of this origin. */
function hearReturn(
  popup: Window,
  action: Action,
  dataSource: number | null,
  end: (result: ConnectionResult) => void,
): () => void {
  // The return page closes once it knows that it was heard, so that it is never seen closed before.
  const take = (data: unknown, answer: (message: Message) => void) => {
    const { type, query } = isRecord(data) ? data : {}
    if (type !== CHANNEL || typeof query !== 'string') return
    const result = readResult(new URLSearchParams(query), { action })
    if (result === null || (dataSource !== null && dataSource !== result.dataSource)) return
    answer({ type: HEARD, query })
    end(result)
  }
  const listener = (event: MessageEvent<unknown>) => {
    if (event.origin !== location.origin || event.source !== popup) return
    take(event.data, (message) => popup.postMessage(message, location.origin))
  }
  window.addEventListener('message', listener)
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL)
  if (channel !== null)
    channel.onmessage = ({ data }: MessageEvent<unknown>) =>
      take(data, (message) => channel.postMessage(message))
  return () => {
    window.removeEventListener('message', listener)
    channel?.close()
  }
}

const sourceIn = (link: string): number | null => {
  const id = Number(new URL(link, location.href).searchParams.get('dataSource') ?? '')
  return Number.isSafeInteger(id) && id > 0 ? id : null
}

/**
 * For the page that the redirect URI names: tells the page that opened the window, and closes it. In the same window, or
 * where it cannot be closed, the page stays, and says what the result is.
 * @returns null when the address tells no outcome, or there is no browser
 */
export function finishReturn(options: { readonly action: Action }): ConnectionResult | null {
  if (typeof window === 'undefined') return null
  const result = readResult(location.href, options)
  if (result === null || cameInSameWindow()) return result
  tellAndClose(location.search)
  return result
}

/** What the two pages of an application say to each other: the query of the return address, and that it was heard. */
interface Message {
  readonly type: typeof CHANNEL | typeof HEARD
  readonly query: string
}

function tellAndClose(query: string): void {
  const message: Message = { type: CHANNEL, query }
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL)
  const close = () => {
    clearTimeout(timer)
    window.removeEventListener('message', listener)
    channel?.close()
    window.close()
  }
  const hear = (data: unknown) => {
    if (isRecord(data) && data['type'] === HEARD && data['query'] === query) close()
  }
  const listener = ({ origin, data }: MessageEvent<unknown>) => {
    if (origin === location.origin) hear(data)
  }
  const timer = setTimeout(close, HEARD_WITHIN_MS)
  window.addEventListener('message', listener)
  if (channel !== null) {
    channel.onmessage = ({ data }: MessageEvent<unknown>) => hear(data)
    channel.postMessage(message)
  }
  // Its own origin alone: a page of another one learns nothing.
  window.opener?.postMessage(message, location.origin)
}

/** True on the page that a same-window trip ended on, however often it asks: frameworks run effects twice, people reload. */
function cameInSameWindow(): boolean {
  try {
    const left = sessionStorage.getItem(LEFT_KEY)
    if (left !== '1' && left !== location.href) return false
    sessionStorage.setItem(LEFT_KEY, location.href)
    return true
  } catch {
    return false
  }
}

function forgetSameWindow(): void {
  try {
    sessionStorage.removeItem(LEFT_KEY)
  } catch {
    // Without storage there is nothing to forget.
  }
}
