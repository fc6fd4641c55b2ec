import type { VendorError } from '../oauth/index.ts'

/** The cause of a vendor's failure with the vendor's status number, where there is one: `envelope_status 503`. */
export const causeOf = ({ cause, status }: VendorError): string =>
  status === null ? cause : `${cause} ${status}`
