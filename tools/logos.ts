/**
 * Makes the built-in logos: `node tools/logos.ts <folder of the unpacked simple-icons package>`.
 *
 * A source has one where the collection has the mark of that very product, not only of its maker; for the others a
 * monogram is drawn. The collection is in the public domain (CC0), the marks are their owners'.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** By the key of the source: the icon's name in the collection, and how much of the tile's 64 units it takes. */
const ICONS = {
  fitbit: { slug: 'fitbit', size: 36 },
  // A word, which would be too small to read.
  garmin: { slug: 'garmin', size: 54 },
  komoot: { slug: 'komoot', size: 36 },
  runkeeper: { slug: 'runkeeper', size: 36 },
  strava: { slug: 'strava', size: 36 },
}

const OUT = join(import.meta.dirname, '../catalogue/logos')

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new TypeError('Name the folder of the unpacked simple-icons package.')

const read = (path: string) => readFileSync(join(folder, path), 'utf8')
const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')))
const colours = z
  .array(z.object({ title: z.string(), slug: z.string().optional(), hex: z.string() }))
  .parse(JSON.parse(read('data/simple-icons.json')))

/** Relative luminance (WCAG 2.2), from 0 for black to 1 for white. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

for (const [key, { slug, size }] of Object.entries(ICONS)) {
  const path = /<path d="([^"]+)"\/>/.exec(read(`icons/${slug}.svg`))?.[1]
  const entry = colours.find((one) => (one.slug ?? one.title.toLowerCase()) === slug)
  if (path === undefined || entry === undefined) throw new Error(`The collection has no icon ${slug}.`)
  // White stands out at three to one (WCAG 2.2, 1.4.11) on all but light colours.
  const ink = 1.05 / (luminance(entry.hex) + 0.05) >= 3 ? '#fff' : '#000'
  // A dark tile has an edge of its own, so that it does not sink into a dark page.
  const edge = ink === '#fff' ? '#fff' : '#000'
  const svg = `<!-- simple-icons ${version} (CC0-1.0); the mark belongs to its owner -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><title>${entry.title}</title><rect width="64" height="64" rx="14" fill="#${entry.hex}"/><rect x=".5" y=".5" width="63" height="63" rx="13.5" fill="none" stroke="${edge}" stroke-opacity=".2"/><path transform="translate(${(64 - size) / 2} ${(64 - size) / 2}) scale(${size / 24})" fill="${ink}" d="${path}"/></svg>
`
  writeFileSync(join(OUT, `${key}.svg`), svg)
}
