/** A request to a vendor, read once and within bounds. */
export interface VendorRequest {
  readonly method: string
  /** Host and path as in the vendor's real URL. */
  readonly url: string
  readonly query: URLSearchParams
  /** The form, or the texts, numbers and booleans of a JSON object. */
  readonly form: URLSearchParams
  /** What the body was. */
  readonly bodyFormat: 'form' | 'json' | 'none'
  /** What stands in the path where an endpoint has a placeholder. */
  readonly path: Readonly<Record<string, string>>
  readonly header: (name: string) => string | null
  /** The Authorization header. */
  readonly authorization: string | null
  readonly signal: AbortSignal
}

/** A parameter, wherever it stands: path, body, query. */
export const parameterOf = (request: VendorRequest, name: string): string | null =>
  request.path[name] ?? request.form.get(name) ?? request.query.get(name)
