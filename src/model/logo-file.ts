/** What a picture must be to be shown as a logo, whoever brings it. */
import { limits } from '../limits.ts'
import type { Logo } from './presentation.ts'

/** A logo, or why the bytes are none: completes "The file …". */
export type LogoReading =
  | { readonly ok: true; readonly logo: Logo }
  | { readonly ok: false; readonly problem: string }

/**
 * Reads a logo: PNG, WebP or SVG, told by its content alone. An SVG that could do more than show a picture is refused;
 * it is also served so that it cannot.
 */
export function readLogo(bytes: Uint8Array<ArrayBuffer>): LogoReading {
  if (bytes.length === 0) return { ok: false, problem: 'is empty' }
  if (bytes.length > limits.logoBytes)
    return { ok: false, problem: `has more than ${limits.logoBytes} bytes` }
  const mediaType = mediaTypeOf(bytes)
  if (mediaType === null) return { ok: false, problem: 'is neither an SVG nor a PNG nor a WebP' }
  const problem = logoProblem(mediaType, bytes)
  return problem === null ? { ok: true, logo: Object.freeze({ mediaType, bytes }) } : { ok: false, problem }
}

/** What is wrong with a picture that should be of this kind; null for nothing. Its size in bytes is not looked at. */
export const logoProblem = (mediaType: Logo['mediaType'], bytes: Uint8Array): string | null =>
  PROBLEMS[mediaType](bytes)

const PNG_SIGNATURE = '89504e470d0a1a0a'

const hexOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString('hex')

function mediaTypeOf(bytes: Uint8Array): Logo['mediaType'] | null {
  if (hexOf(bytes, 0, 8) === PNG_SIGNATURE) return 'image/png'
  // RIFF (RFC 9649 §2.3): the letters, a size, the letters.
  if (hexOf(bytes, 0, 4) === '52494646' && hexOf(bytes, 8, 12) === '57454250') return 'image/webp'
  return bytes.includes(LESS_THAN) ? 'image/svg+xml' : null
}

const LESS_THAN = 0x3c

/** What is wrong with a picture of each kind; null for nothing. */
const PROBLEMS: Readonly<Record<Logo['mediaType'], (bytes: Uint8Array) => string | null>> = {
  'image/png': pngProblem,
  'image/webp': webpProblem,
  'image/svg+xml': svgProblem,
}

const sizeProblem = (width: number, height: number): string | null =>
  width === 0 || height === 0 || width > limits.logoPixels || height > limits.logoPixels
    ? `must be 1 to ${limits.logoPixels} pixels wide and high`
    : null

/** PNG (W3C, third edition, §5.2 and §11.2.1): the signature, then a header with width and height. */
function pngProblem(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 24))
  if (start.length < 24 || hexOf(bytes, 0, 16) !== `${PNG_SIGNATURE}0000000d49484452`) return 'is not a PNG'
  return sizeProblem(start.readUInt32BE(16), start.readUInt32BE(20))
}

/** WebP (RFC 9649): one picture, lossy (`VP8 `, §2.5), lossless (`VP8L`, §2.6) or with extras (`VP8X`, §2.7). */
function webpProblem(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 30))
  if (start.length < 30) return 'is not a WebP'
  switch (start.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return sizeProblem(start.readUInt16LE(26) & 0x3fff, start.readUInt16LE(28) & 0x3fff)
    case 'VP8L': {
      const bits = start.readUInt32LE(21)
      return sizeProblem((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
    }
    case 'VP8X':
      return (start.readUInt8(20) & ANIMATED) === 0
        ? sizeProblem(start.readUIntLE(24, 3) + 1, start.readUIntLE(27, 3) + 1)
        : 'must not move'
    default:
      return 'is not a WebP'
  }
}

const ANIMATED = 0x02

/** What a logo has no use for, with what it is called in a complaint. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/<!(doctype|entity)/i, 'a document type'],
  [/<\?xml-stylesheet/i, 'a style sheet of its own'],
  [
    /<\s*(?:[a-z0-9]+:)?(script|foreignobject|iframe|embed|object|audio|video|a|set|animate\w*|handler)[\s/>]/i,
    'an element that does more than show a picture',
  ],
  [/[\s"'/]on[a-z]+\s*=/i, 'an event handler'],
  [/javascript\s*:/i, 'a script'],
  [/(href|src)\s*=\s*["']?\s*(?![\s"'#]|data:image\/(png|jpeg|webp);)/i, 'a reference to another file'],
  [/@import|url\(\s*["']?\s*(?![\s"'#]|data:image\/(png|jpeg|webp);)/i, 'a reference to another file'],
]

function svgProblem(bytes: Uint8Array): string | null {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return 'is not UTF-8'
  }
  if (!/^(?:<\?xml [^>]*>|<!--[\s\S]*?-->|\s)*<svg[\s>]/.test(text)) return 'is not an SVG'
  const found = FORBIDDEN.find(([pattern]) => pattern.test(text))
  return found === undefined ? null : `holds ${found[1]}`
}
