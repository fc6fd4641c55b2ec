import type { AppearanceSettings, Scheme } from '../model/appearance.ts'
import { wholeColours } from '../model/appearance-colours.ts'
import {
  BLACK,
  type Colour,
  colour,
  contrast,
  holdsOn,
  mix,
  nearestShade,
  readableOn,
  SHAPE_CONTRAST,
  TEXT_CONTRAST,
  WHITE,
} from '../model/contrast.ts'

/** The custom properties of the stylesheet that hold a colour, without their dashes. */
export const PALETTE_NAMES = [
  'page',
  'card',
  'edge',
  'ink',
  'quiet',
  'accent',
  'on-accent',
  'accent-hover',
  'soft',
  'soft-ink',
  'soft-hover',
  'hover',
  'control',
  'good',
  'good-back',
  'calm',
  'calm-back',
  'careful',
  'careful-back',
  'strong',
  'on-strong',
  'strong-hover',
  'metal',
  'coil',
] as const

/** All colours of one theme. */
export type Palette = { readonly [Name in (typeof PALETTE_NAMES)[number]]: Colour }

/** How a thing is meant does not change with an application: green, amber and red, from which the nearest shade is taken. */
const MEANINGS = Object.freeze({
  good: colour('#1f8a58'),
  careful: colour('#a86a00'),
  strong: colour('#b53333'),
})

/**
 * A whole palette out of the colours of an application that hold against each other (`contrastProblems`). Whatever is
 * made here holds as well: text 4.5 : 1 on every ground that it stands on, borders and marks 3 : 1. Where no shade does,
 * the application's text stands in, which does everywhere.
 */
export function paletteOf(settings: Pick<AppearanceSettings, 'colours'>, scheme: Scheme): Palette {
  const { background, surface, text, accent, accentText } = wholeColours(settings, scheme)
  /** A ground near the surface, on which the text can still be read. */
  const ground = (tint: Colour, share: number): Colour => {
    for (let part = share; part > SHARE_STEP; part -= SHARE_STEP) {
      const mixed = mix(surface, tint, part)
      if (contrast(text, mixed) >= TEXT_CONTRAST) return mixed
    }
    return surface
  }
  const shadeOn = (wish: Colour, grounds: readonly Colour[], needed: number): Colour =>
    nearestShade(wish, (candidate) => holdsOn(candidate, grounds, needed)) ?? text

  const soft = ground(accent, 0.14)
  const softHover = ground(accent, 0.22)
  const hover = ground(text, 0.06)
  const calmBack = ground(text, 0.09)
  const goodBack = ground(MEANINGS.good, 0.14)
  const carefulBack = ground(MEANINGS.careful, 0.14)
  const rows = [background, surface, hover, soft]
  const grounds = [...rows, calmBack, goodBack, carefulBack]
  const strong = shadeOn(MEANINGS.strong, [background, surface], SHAPE_CONTRAST)
  const onStrong = readableOn(strong)
  return {
    page: background,
    card: surface,
    edge: mix(surface, text, 0.14),
    ink: text,
    quiet: shadeOn(mix(surface, text, 0.72), grounds, TEXT_CONTRAST),
    accent,
    'on-accent': accentText,
    'accent-hover': hovered(accent, accentText, [background, surface]),
    soft,
    'soft-ink': shadeOn(accent, [soft, softHover], TEXT_CONTRAST),
    'soft-hover': softHover,
    hover,
    control: shadeOn(mix(surface, text, 0.5), [background, surface], SHAPE_CONTRAST),
    good: shadeOn(MEANINGS.good, [...rows, goodBack], TEXT_CONTRAST),
    'good-back': goodBack,
    calm: shadeOn(mix(surface, text, 0.8), [calmBack], TEXT_CONTRAST),
    'calm-back': calmBack,
    careful: shadeOn(MEANINGS.careful, [...rows, carefulBack], TEXT_CONTRAST),
    'careful-back': carefulBack,
    strong,
    'on-strong': onStrong,
    'strong-hover': hovered(strong, onStrong, [background, surface]),
    metal: mix(surface, text, 0.35),
    coil: surface,
  }
}

const SHARE_STEP = 0.02

/** A button under the pointer: further away from the text on it, unless it would be lost on the ground around it. */
function hovered(button: Colour, text: Colour, grounds: readonly Colour[]): Colour {
  const away = contrast(text, WHITE) > contrast(text, BLACK) ? WHITE : BLACK
  const moved = mix(button, away, 0.16)
  const isRead = contrast(text, moved) >= TEXT_CONTRAST
  return isRead && holdsOn(moved, grounds, SHAPE_CONTRAST) ? moved : button
}
