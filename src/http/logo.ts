import type { Context } from 'hono'
import { html } from 'hono/html'
import { findSource } from '../broker/find-source.ts'
import { SpringbarError } from '../errors.ts'
import type { Services } from './services.ts'

/** Shades on which white text has a contrast of at least 4.5 to 1. */
const SHADES = ['#1f6f54', '#245c94', '#7a3e8e', '#9a3b3b', '#7a5a12', '#0f6b78', '#5a4fa3', '#8a3a66']

/** `GET /logos/{key}.svg`: a source's picture, a plain monogram that claims to be nobody's trade mark. */
export async function logo(c: Context, { context }: Services): Promise<Response> {
  const key = /^([a-z0-9-]{1,60})\.svg$/.exec(c.req.param('file') ?? '')?.[1]
  const source = key === undefined ? null : findSource(context.sources, key)
  if (source === null || source.key !== key) throw new SpringbarError('not_found', 'There is no such logo.')
  const shade = SHADES[source.id % SHADES.length] ?? '#245c94'
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="${source.name}"><rect width="64" height="64" rx="14" fill="${shade}"/><text x="32" y="43" font-family="system-ui,sans-serif" font-size="32" font-weight="600" fill="#fff" text-anchor="middle">${source.name.slice(0, 1)}</text></svg>`
  return new Response(String(svg), {
    headers: {
      'Content-Type': 'image/svg+xml',
      'Content-Security-Policy': "default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'public, max-age=86400',
      // Applications show it on screens of their own.
      'Cross-Origin-Resource-Policy': 'cross-origin',
    },
  })
}
