/** Pieces that the parts of a source definition share. */
import { z } from 'zod'

export const url = z.url({ protocol: /^https?$/ })

/** Names and constant values. */
export const words = z.record(z.string().min(1), z.string())

/** Where a value stands in an answer: member names and array positions with dots between, `athlete.id`. */
export const path = z.string().min(1).max(200)

/** A key starts with a letter, so that it is never taken for an id. */
export const key = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)

/** How our registration identifies itself at the token endpoint (RFC 6749 §2.3.1). */
export const clientAuthentication = z.enum(['client_secret_basic', 'client_secret_post'])

/**
 * Text with places for what is known only at the call: `{accountId}`, `{connectionId}`, `{accessToken}`, `{refreshToken}`,
 * `{clientId}`, `{clientSecret}`, and `{client.NAME}` for one of the definition's `clientFields`. In a URL each value is
 * percent-encoded.
 */
export const template = z.string().min(1).max(500)

/** A URL with placeholders in its path or query; its origin is constant. */
export const urlTemplate = z.string().regex(/^https?:\/\/[^/{}?#]+\/[^#\s]*$/)

export const scope = z.strictObject({
  /** The scope value as it stands in the request. */
  value: z.string().regex(/^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/),
  /** What it gives, in a few English words, for people. */
  label: z.string().min(1),
  /** Asked for unless the application chooses its own scopes. */
  requested: z.boolean(),
  /** Whether it gives data of the person's health or activity. A grant without any such scope is no connection. */
  givesData: z.boolean(),
})

export const documentation = z.strictObject({
  url,
  checkedOn: z.iso.date(),
  /** What the documentation leaves open or sources disagree on. Nothing here was tried against a live vendor. */
  doubts: z.array(z.string().min(1)),
})

/**
 * How many requests a vendor takes, as it publishes it; the definition's documentation says when that was read. Missing
 * where the vendor publishes nothing, or sources disagree.
 */
export const rateLimit = z.strictObject({
  /** `client`: counted for our registration, whoever the requests are about; `account`: for each person. */
  per: z.enum(['client', 'account']),
  requests: z.int().min(2),
  windowSeconds: z.int().positive(),
})

/** What an operator must know to register an application at the vendor. */
export const registration = z.strictObject({
  /** Where one registers, or asks to. */
  url,
  redirectUri: z.strictObject({
    /** `exact`: compared to the letter; `domain`: only its host. */
    match: z.enum(['exact', 'domain']),
    /** `refused`: none; `name`: `http://localhost`, no IP address; `allowed`: both. */
    loopback: z.enum(['refused', 'name', 'allowed', 'unknown']),
  }),
  /** Further values that a registration gives, beside client id and secret. */
  clientFields: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,39}$/),
        label: z.string().min(1),
        required: z.boolean(),
      }),
    )
    .optional(),
})

/** A call to the vendor for one grant. */
export const vendorCall = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  url: urlTemplate,
  /** `bearer`: the access token; `refresh_bearer`: the refresh token in its place; `body`: client id and secret in it. */
  authentication: z.enum(['bearer', 'refresh_bearer', 'client_secret_basic', 'client_secret_post', 'none']),
  headers: z.record(z.string().min(1), template).optional(),
  body: z
    .strictObject({ format: z.enum(['form', 'json']), members: z.record(z.string().min(1), template) })
    .optional(),
  successStatuses: z.array(z.int().min(100).max(599)).min(1),
})
