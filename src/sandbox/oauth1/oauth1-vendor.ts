/**
 * Vendors with OAuth 1.0a (RFC 5849).
 *
 * @module sandbox/oauth1 — owns the protocol's three legs as a vendor answers them: the signature really verified, each
 * nonce and each verifier good for once. Grants, tokens, clock, faults and recorded calls are those of the whole sandbox.
 */
import type { Answer, AnyVendor, Operation } from '../vendor.ts'

/** Something that can be called with a signed access token. */
export interface OAuth1Resource {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Host and path, without scheme. */
  readonly url: string
  readonly operation: Operation
  /**
   * `read`: gives the answer, a template with `{subject}` and `{scopes}`; `end`: ends the grant, and the twin's of the
   * same person; `exchange`: gives tokens of the twin.
   */
  readonly does: 'read' | 'end' | 'exchange'
  readonly answer: Answer
}

/** All that the sandbox knows about a vendor with OAuth 1.0a. */
export interface OAuth1Vendor extends AnyVendor {
  /** Key of the same vendor's generation of OAuth 2.0, whose accounts these are where it is played. */
  readonly twin?: string
  /** Host and path, without scheme. */
  readonly temporaryCredentialUrl: string
  readonly authorizationUrl: string
  readonly tokenUrl: string
  readonly callbackIn: 'temporary_credentials' | 'authorization_url'
  /** What the way back carries when the person says no. */
  readonly denial: 'no-verifier' | 'null-verifier'
  readonly resources: readonly OAuth1Resource[]
}
