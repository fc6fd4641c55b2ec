import { isIP } from 'node:net'
import type { AuthorizationRules, RedirectUriRules, SandboxClient } from '../vendor.ts'

type Verdict = 'ok' | 'mismatch' | 'private'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

function parse(uri: string): URL | null {
  return URL.canParse(uri) ? new URL(uri) : null
}

const bare = (url: URL) => url.hostname.replace(/^\[|\]$/g, '')

/** Whether an address is one of this machine, or has no name: nothing that some vendors lead to. */
export const isPrivate = (url: URL) =>
  url.hostname === 'localhost' || url.hostname.endsWith('.localhost') || isIP(bare(url)) !== 0

/** What of a redirect URI is compared, where it is compared to the letter. */
export const comparable = (uri: string, { ignoresQuery }: Pick<RedirectUriRules, 'ignoresQuery'>): string =>
  ignoresQuery ? (uri.split('?')[0] ?? '') : uri

/** Checks a redirect URI as the vendor does: whole or by its host alone. */
export function checkRedirectUri(
  uri: string,
  client: SandboxClient,
  rules: RedirectUriRules,
  allowLocalhost: boolean,
): Verdict {
  const url = parse(uri)
  if (url?.hash !== '') return 'mismatch'
  if (rules.publicOnly && !allowLocalhost && isPrivate(url)) return 'private'
  if (rules.noIpAddress && !allowLocalhost && isIP(bare(url)) !== 0) return 'private'
  if (rules.loopbackAlways && LOOPBACK.has(url.hostname)) return 'ok'
  if (rules.match === 'exact') return client.redirectUris.includes(comparable(uri, rules)) ? 'ok' : 'mismatch'
  const hosts = client.redirectUris.map((registered) => parse(registered)?.hostname)
  return url.hostname !== '' && hosts.includes(url.hostname) ? 'ok' : 'mismatch'
}

const encode = (value: string) =>
  encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')

/** Puts the vendor's parameters behind the redirect URI, correctly or as naively as the vendor does. */
export function appendParameters(
  redirectUri: string,
  parameters: readonly (readonly [name: string, value: string])[],
  rules: Pick<AuthorizationRules, 'append' | 'fragment'>,
): string {
  const query = parameters.map(([name, value]) => `${name}=${encode(value)}`).join('&')
  const joint = rules.append === 'standard' && redirectUri.includes('?') ? '&' : '?'
  return `${redirectUri}${joint}${query}${rules.fragment === undefined ? '' : `#${rules.fragment}`}`
}
