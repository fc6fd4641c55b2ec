import ipaddr from 'ipaddr.js'

/** A range of addresses that an operator allows, however private it is: base and length of the prefix. */
export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

const TARGET_CHARACTERS = 2_048
/** The ports of https, and the one that is commonly used beside it. */
const PUBLIC_PORTS: ReadonlySet<string> = new Set(['', '443', '8443'])
/** All of the public Internet's IPv6, https://www.iana.org/assignments/ipv6-address-space (2026-11). */
const GLOBAL_UNICAST: Network = [ipaddr.parse('2000::'), 3]

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address, which was checked to be one of these. */
export function parseNetwork(text: string): Network {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

const isIn = (address: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: Network): boolean =>
  address.kind() === base.kind() && address.match(base, bits)

/** Whether the operator allowed this address by name of its network. What is no address is not allowed. */
function isInNetworks(address: string, networks: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return networks.some((network) => isIn(parsed, network))
}

/**
 * Whether anybody on the Internet can reach an address: not loopback, not private, not link-local, multicast, reserved,
 * documentation, nor one that stands for another address (IPv4 inside IPv6, NAT64, 6to4, Teredo).
 */
function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed.kind() === 'ipv4' || isIn(parsed, GLOBAL_UNICAST)
}

/**
 * Whether a connection to this address may be opened for this URL. The decision is made on the address that is connected
 * to, when it is connected to; plain http and other ports lead into allowed networks only.
 */
export function mayConnect(url: URL, address: string, networks: readonly Network[]): boolean {
  if (isInNetworks(address, networks)) return true
  return url.protocol === 'https:' && PUBLIC_PORTS.has(url.port) && isPublicAddress(address)
}

/** The address in a URL's host, when it is one and no name. The URL parser has decoded every way to write IPv4. */
export function literalAddress({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(bare) ? bare : null
}

/** Why a URL can be no target for webhooks, whatever its name resolves to; null when it can be one. */
export function targetProblem(text: string, networks: readonly Network[]): string | null {
  if (text.length > TARGET_CHARACTERS) return `must have at most ${TARGET_CHARACTERS} characters`
  const url = URL.parse(text)
  if (url === null || /[\s\\]|[^\x20-\x7e]/.test(text)) return 'must be an absolute https URL'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or a password'
  if (text.includes('#')) return 'must not have a fragment'
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be https'
  if (url.protocol === 'http:' && networks.length === 0) return 'must be https'
  const address = literalAddress(url)
  if (address !== null && !mayConnect(url, address, networks))
    return 'must lead to a public address over https, at port 443 or 8443'
  if (networks.length === 0 && !PUBLIC_PORTS.has(url.port)) return 'must be at port 443 or 8443'
  return null
}
