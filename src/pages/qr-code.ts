import { encode } from 'uqr'
import { type Markup, markup } from './markup.ts'

/** Modules of white around a code (ISO/IEC 18004 §6.3.8). */
const QUIET_ZONE = 4

/** A QR code as an image for people whose phone reads it. Black on white, whatever colours the page has. */
export function qrCode(text: string, label: string): Markup {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  return markup`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges"><rect class="qr-light" width="${size}" height="${size}"/><path class="qr-dark" d="${pathOf(data)}"/></svg>`
}

/** One rectangle for each run of dark modules in a row. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
  let path = ''
  for (const [y, row] of rows.entries())
    for (let x = 0; x < row.length; x++) {
      const start = x
      while (row[x] === true) x++
      if (x > start) path += `M${start} ${y}h${x - start}v1h-${x - start}z`
    }
  return path
}
