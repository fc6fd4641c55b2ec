import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'
import { headerOf } from './request-header.ts'

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/** The socket's own address; `local` where there is no socket, as in a test without one. */
const peerOf = (c: Context): string => {
  const bindings: Partial<HttpBindings> | undefined = c.env
  return bindings?.incoming?.socket.remoteAddress ?? 'local'
}

/**
 * Tells the caller's address. Forwarded headers are believed only as far as they were written by a trusted proxy: the
 * list is read from its end, and the first address that is not trusted is the caller. Without trusted proxies they
 * are ignored, and `warnOnce` is told of the first one that arrives.
 */
export function createAddressOf(
  trustedProxies: readonly string[],
  warnOnce: () => void,
): (c: Context) => string {
  const ranges = trustedProxies.map(toRange)
  let warned = false
  return (c) => {
    const peer = peerOf(c)
    if (ranges.length === 0) {
      if (!warned && (headerOf(c, 'x-forwarded-for') ?? headerOf(c, 'forwarded')) !== undefined) {
        warned = true
        warnOnce()
      }
      return peer
    }
    const hops = [...(headerOf(c, 'x-forwarded-for') ?? '').split(',').map((hop) => hop.trim()), peer]
    const caller = hops.filter((hop) => ipaddr.isValid(hop)).findLast((hop) => !isTrusted(hop, ranges))
    return caller ?? peer
  }
}

function toRange(entry: string): Range {
  if (entry.includes('/')) return ipaddr.parseCIDR(entry)
  const address = ipaddr.parse(entry)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

function isTrusted(hop: string, ranges: readonly Range[]): boolean {
  const address = ipaddr.process(hop)
  return ranges.some(([base, bits]) => address.kind() === base.kind() && address.match(base, bits))
}
