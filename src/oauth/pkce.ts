import { hash } from 'node:crypto'

/** The `S256` challenge of a code verifier: 43 characters of base64url (RFC 7636 §4.2). One shot, on the hot path. */
export function codeChallenge(codeVerifier: string): string {
  return hash('sha256', codeVerifier, 'base64url')
}
