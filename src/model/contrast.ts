/**
 * Colours and how well one can be read on another, by the formulas of WCAG 2.2 (§1.4.3, "relative luminance" and
 * "contrast ratio", w3.org/TR/WCAG22, 2026-11). Shades keep their hue in OKLab (Björn Ottosson, 2020), in which equal
 * distances look equal.
 */

/** A colour of sRGB: `#` and six hex digits in lower case. Made by {@link asColour} alone. */
export type Colour = string & { readonly __brand: 'Colour' }

/** What text needs against what is behind it (WCAG 2.2, 1.4.3). */
export const TEXT_CONTRAST = 4.5
/** What borders, icons and the mark of the focus need (WCAG 2.2, 1.4.11). */
export const SHAPE_CONTRAST = 3

/** A text as a colour; null for anything but `#` and six hex digits. */
export function asColour(text: string): Colour | null {
  // The brand says that this was looked at.
  return /^#[0-9a-f]{6}$/i.test(text) ? (text.toLowerCase() as Colour) : null
}

/** A colour of our own. Throws a TypeError on what is none. */
export function colour(text: string): Colour {
  const found = asColour(text)
  if (found === null) throw new TypeError('Not a colour')
  return found
}

export const BLACK = colour('#000000')
export const WHITE = colour('#ffffff')

type Triple = readonly [number, number, number]

const channels = (of: Colour): Triple => [
  Number.parseInt(of.slice(1, 3), 16),
  Number.parseInt(of.slice(3, 5), 16),
  Number.parseInt(of.slice(5, 7), 16),
]

const hex = (rgb: Triple): Colour =>
  colour(`#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`)

/** From a channel of 0 to 255 to light, 0 to 1. */
function toLight(value: number): number {
  const share = value / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

const fromLight = (light: number): number =>
  255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055)

/** 0 for black to 1 for white. */
export function luminance(of: Colour): number {
  const [red, green, blue] = channels(of)
  return 0.2126 * toLight(red) + 0.7152 * toLight(green) + 0.0722 * toLight(blue)
}

/** 1 for equal colours to 21 for black and white; the order of the two makes no difference. */
export function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Whether a colour has this contrast on each of these grounds. */
export const holdsOn = (one: Colour, grounds: readonly Colour[], needed: number): boolean =>
  grounds.every((ground) => contrast(one, ground) >= needed)

/** Black or white, whichever is read better on it: 4.58 at least, on every ground. */
export const readableOn = (ground: Colour): Colour =>
  contrast(WHITE, ground) >= contrast(BLACK, ground) ? WHITE : BLACK

/** So much of the second colour in the first, from 0 to 1. */
export function mix(one: Colour, other: Colour, share: number): Colour {
  const [a, b] = [channels(one), channels(other)]
  const part = (i: 0 | 1 | 2) => a[i] + (b[i] - a[i]) * share
  return hex([part(0), part(1), part(2)])
}

/** Lightness, and the two axes of hue and strength. */
function toOklab(of: Colour): Triple {
  const [red, green, blue] = channels(of).map(toLight)
  const [r, g, b] = [red ?? 0, green ?? 0, blue ?? 0]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

/** Linear light, which lies outside of 0 to 1 for what no screen shows. */
function toLinear([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

const OUTSIDE = 0.0005
const isShown = (rgb: Triple): boolean => rgb.every((value) => value >= -OUTSIDE && value <= 1 + OUTSIDE)

/** The colour with this lightness, as strong as screens show it at most. */
function shade([, a, b]: Triple, lightness: number): Colour {
  let strength = 1
  let linear = toLinear([lightness, a, b])
  for (let i = 0; i < STRENGTHS && !isShown(linear); i++) {
    strength = 1 - (i + 1) / STRENGTHS
    linear = toLinear([lightness, a * strength, b * strength])
  }
  const value = (light: number) => Math.min(255, Math.max(0, fromLight(Math.max(0, light))))
  return hex([value(linear[0]), value(linear[1]), value(linear[2])])
}

const STRENGTHS = 20
const LIGHTNESSES = 400

/**
 * The nearest shade of a colour, the colour itself first, that `fits`: another lightness of the same hue. Null when none
 * does.
 */
export function nearestShade(of: Colour, fits: (candidate: Colour) => boolean): Colour | null {
  if (fits(of)) return of
  const from = toOklab(of)
  const found = (step: -1 | 1): { readonly shade: Colour; readonly away: number } | null => {
    for (let away = 1; away <= LIGHTNESSES; away++) {
      const lightness = from[0] + (step * away) / LIGHTNESSES
      if (lightness < -1 / LIGHTNESSES || lightness > 1 + 1 / LIGHTNESSES) return null
      const candidate = shade(from, Math.min(1, Math.max(0, lightness)))
      if (fits(candidate)) return { shade: candidate, away }
    }
    return null
  }
  const [darker, lighter] = [found(-1), found(1)]
  if (darker === null || lighter === null) return (darker ?? lighter)?.shade ?? null
  return darker.away <= lighter.away ? darker.shade : lighter.shade
}
