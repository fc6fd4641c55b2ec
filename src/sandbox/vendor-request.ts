/** A request to a vendor, read once and within bounds. */
export interface VendorRequest {
  readonly method: string
  /** Host and path as in the vendor's real URL. */
  readonly url: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  /** The Authorization header. */
  readonly authorization: string | null
  readonly signal: AbortSignal
}
