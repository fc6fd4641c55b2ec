import type { Context } from 'hono'
import { html } from 'hono/html'
import { findSource } from '../broker/catalogue/find-source.ts'
import { SpringbarError } from '../errors.ts'
import type { Logo } from '../model/presentation.ts'
import type { Source } from '../model/source.ts'
import { answerPicture } from './picture-answer.ts'
import type { Services } from './services.ts'

/** Shades on which white text has a contrast of at least 4.5 to 1, and which stand out on white and on black. */
const SHADES = ['#1f6f54', '#245c94', '#7a3e8e', '#9a3b3b', '#7a5a12', '#0f6b78', '#5a4fa3', '#8a3a66']

/** Where a source's logo is, on every host of ours. */
export const logoPath = ({ key }: Pick<Source, 'key'>): string => `/logos/${key}`

/** `GET /logos/{key}`: the operator's own logo, the built-in one, or a plain monogram that is nobody's trade mark. */
export async function logo(c: Context, { context, presentation }: Services): Promise<Response> {
  const key = /^[a-z][a-z0-9-]{0,59}$/.exec(c.req.param('key') ?? '')?.[0]
  const source = key === undefined ? null : findSource(context.sources, key)
  if (source === null) throw new SpringbarError('not_found', 'There is no such logo.')
  return answerPicture(presentation.logo(source.key) ?? monogram(source), 'public, max-age=3600')
}

function monogram({ id, name }: Source): Logo {
  const shade = SHADES[id % SHADES.length] ?? '#245c94'
  const [initial = ''] = name
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="${shade}"/><text x="32" y="43" font-family="system-ui,sans-serif" font-size="32" font-weight="600" fill="#fff" text-anchor="middle">${initial.toUpperCase()}</text></svg>`
  return { mediaType: 'image/svg+xml', bytes: new TextEncoder().encode(String(svg)) }
}
