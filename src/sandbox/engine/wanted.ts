import type { Refusal, WantedHeaders, WantedParameters } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'

/** The first header or parameter that a call lacks, or null. */
export type Lack = { readonly refusal: Refusal; readonly value: string } | null

/** Checks the headers that a call must carry. What has a placeholder may hold anything, but not nothing. */
export function lackedHeader(request: VendorRequest, wanted: WantedHeaders = {}): Lack {
  const lacked = Object.entries(wanted).find(([name, value]) => {
    const sent = request.header(name) ?? ''
    return value.includes('{') ? sent === '' : !sent.toLowerCase().includes(value.toLowerCase())
  })
  return lacked ? { refusal: 'header.missing', value: lacked[0] } : null
}

/** Checks the constant parameters that a call must carry. */
export function lackedParameter(fields: URLSearchParams, wanted: WantedParameters = {}): Lack {
  const lacked = Object.entries(wanted).find(([name, value]) =>
    value.includes('{') ? !fields.get(name) : fields.get(name) !== value,
  )
  return lacked ? { refusal: 'parameter.missing', value: lacked[0] } : null
}
