import assert from 'node:assert/strict'
import type { Hono } from 'hono'

/** The page that a visitor ends at. */
export interface Visit {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly html: string
  /** Every address on the way, the last included. */
  readonly trail: readonly string[]
}

/**
 * Somebody with a browser: keeps the screen's cookie, follows redirects between the screen and the service, and
 * says where a request comes from, as browsers do.
 */
export function createVisitor(app: Hono, publicUrl: string) {
  let cookie = ''

  async function request(url: string, init: RequestInit): Promise<Response> {
    if (new URL(url).origin !== publicUrl) return fetch(url, { ...init, redirect: 'manual' })
    const headers = new Headers(init.headers)
    if (cookie !== '') headers.set('cookie', cookie)
    const response = await app.request(url, { ...init, headers })
    for (const line of response.headers.getSetCookie()) cookie = line.split(';')[0] ?? ''
    return response
  }

  async function go(target: string, init: RequestInit = {}): Promise<Visit> {
    const trail: string[] = []
    let url = new URL(target, publicUrl).href
    let response = await request(url, init)
    trail.push(url)
    while (response.status >= 300 && response.status < 400) {
      assert.ok(trail.length < 10, 'too many redirects')
      url = new URL(response.headers.get('location') ?? '', url).href
      response = await request(url, {})
      trail.push(url)
    }
    return { url, status: response.status, headers: response.headers, html: await response.text(), trail }
  }

  const own = { 'sec-fetch-site': 'same-origin' }
  return {
    /** Opens an address. */
    open: (target: string, headers: Record<string, string> = {}) => go(target, { headers }),
    /** Presses a link of the screen. */
    follow: (target: string) => go(target, { headers: own }),
    /** Sends a form of the screen, by default as a browser does from the screen itself. */
    submit: (target: string, fields: Record<string, string>, headers: Record<string, string> = own) =>
      go(target, { method: 'POST', body: new URLSearchParams(fields), headers }),
    /** The cookie that is kept, as it is sent. */
    cookie: () => cookie,
    /** The name of the cookie that is kept, without its value. */
    cookieName: () => cookie.split('=')[0],
  }
}

/** The token in the forms of a page. */
export function formTokenIn(html: string): string {
  const token = /name="formToken" value="([^"]+)"/.exec(html)?.[1]
  assert.ok(token, 'the page has no form token')
  return token
}

/** The part of the page about one source, as text. */
export function rowOf(html: string, dataSource: number): string {
  const row = new RegExp(
    `<li class="source[^"]*" id="source-${dataSource}"[^>]*>(.*?)</li>(?=\\s*<li class="source|\\s*</ul>)`,
    's',
  )
  return textOf(row.exec(html)?.[1] ?? '')
}

/** What the page says happened, as text; empty when it says nothing. */
export function messageOf(html: string): string {
  return textOf(/<div id="message"[^>]*>(.*?)<\/div>\s*<div class="columns">/s.exec(html)?.[1] ?? '')
}

/** Markup without its tags, with single spaces. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
