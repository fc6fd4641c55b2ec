import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { limits } from '../limits.ts'
import type { Logo } from '../model/presentation.ts'

/** The logos of an operator's folder by source key, and one sentence for each thing that is wrong with them. */
export interface LogoFiles {
  readonly logos: ReadonlyMap<string, Logo>
  readonly problems: readonly string[]
}

const NONE: LogoFiles = Object.freeze({ logos: new Map(), problems: [] })

const MEDIA_TYPES = { svg: 'image/svg+xml', png: 'image/png' } as const

/**
 * Reads an operator's logos: `<key of the source>.svg` or `.png`. What else lies in the folder is a mistake that is told,
 * except for hidden files. An SVG that could do more than show a picture is refused; it is also served so that it cannot.
 */
export function readLogoFiles(folder: string | null): LogoFiles {
  if (folder === null) return NONE
  let names: readonly string[]
  try {
    names = readdirSync(folder).filter((name) => !name.startsWith('.'))
  } catch {
    return refused(`${folder}: the folder of logos cannot be read.`)
  }
  if (names.length > limits.logoFiles) return refused(`${folder}: holds more than ${limits.logoFiles} logos.`)
  const logos = new Map<string, Logo>()
  const problems: string[] = []
  for (const name of names.toSorted()) {
    const read = readLogo(folder, name)
    if (typeof read === 'string') problems.push(`${join(folder, name)}: ${read}.`)
    else if (logos.has(read.key)) problems.push(`${join(folder, name)}: the source has two logos.`)
    else logos.set(read.key, read.logo)
  }
  return { logos, problems }
}

const refused = (problem: string): LogoFiles => ({ logos: new Map(), problems: [problem] })

/** One file, or what is wrong with it. */
function readLogo(folder: string, name: string): { readonly key: string; readonly logo: Logo } | string {
  const [, key, kind] = /^([a-z][a-z0-9-]{0,59})\.(svg|png)$/.exec(name) ?? []
  if (key === undefined || (kind !== 'svg' && kind !== 'png'))
    return 'is not named after the key of a source, with .svg or .png behind it'
  let bytes: Uint8Array<ArrayBuffer>
  try {
    const path = join(folder, name)
    if (statSync(path).size > limits.logoBytes) return `has more than ${limits.logoBytes} bytes`
    bytes = new Uint8Array(readFileSync(path))
  } catch {
    return 'cannot be read'
  }
  const problem = kind === 'svg' ? svgProblem(bytes) : pngProblem(bytes)
  return problem ?? { key, logo: Object.freeze({ mediaType: MEDIA_TYPES[kind], bytes }) }
}

const PNG_SIGNATURE = '89504e470d0a1a0a0000000d49484452'

/** PNG (W3C, third edition, §5.2 and §11.2.1): the signature, then a header with width and height. */
function pngProblem(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 24))
  if (start.length < 24 || start.subarray(0, 16).toString('hex') !== PNG_SIGNATURE) return 'is not a PNG'
  const [width, height] = [start.readUInt32BE(16), start.readUInt32BE(20)]
  const max = limits.logoPixels
  return width === 0 || height === 0 || width > max || height > max
    ? `must be 1 to ${max} pixels wide and high`
    : null
}

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
