import * as oauth from 'oauth4webapi'
import type { Client } from '../model/application.ts'
import type { Authorization, ClientAuthentication } from '../model/source.ts'
import type { VendorContext } from './vendor-answer.ts'

/**
 * Puts our credentials where the vendor wants them, and nowhere else: form-encoded in the Authorization header or in
 * the body (RFC 6749 §2.3.1), or nowhere where possession of the token is enough.
 */
export function clientAuthentication(
  method: ClientAuthentication | 'none',
  client: Client,
): oauth.ClientAuth {
  if (method === 'client_secret_basic') return oauth.ClientSecretBasic(client.clientSecret.reveal())
  if (method === 'client_secret_post') return oauth.ClientSecretPost(client.clientSecret.reveal())
  return () => {}
}

/** The OAuth library's view of a vendor: RFC 8414 metadata. */
export function authorizationServer(authorization: Authorization): oauth.AuthorizationServer {
  const { issuer } = authorization.authorizationResponse
  const { revocation } = authorization
  return {
    // A vendor that sends an unannounced `iss` can only mean itself.
    issuer: issuer?.value ?? new URL(authorization.authorizationRequest.endpoint).origin,
    authorization_response_iss_parameter_supported: issuer?.required ?? false,
    token_endpoint: authorization.tokenRequest.endpoint,
    ...(revocation.kind === 'token' ? { revocation_endpoint: revocation.endpoint } : {}),
  }
}

/** What the OAuth library hands to a `fetch`, as far as the guarded one listens. */
export interface LibraryRequest {
  readonly method: string
  readonly headers: Record<string, string>
  /** A form, or nothing: no request of ours carries anything else. */
  readonly body?: unknown
}

/** Sends the OAuth library's requests through the guarded fetch, which alone decides on addresses and redirects. */
export function throughGuardedFetch(context: VendorContext, authorization: Authorization) {
  return {
    [oauth.customFetch]: (url: string, { method, headers, body }: LibraryRequest) =>
      context.fetch(url, {
        method,
        headers,
        body: body instanceof URLSearchParams ? body : null,
        vendor: authorization.vendor,
      }),
    [oauth.allowInsecureRequests]: true,
  } as const
}
