/** The check of an application's colours: what would be hard to read is refused when it is set. */
import { type AppearanceSettings, type ColourName, OWN_COLOURS, SCHEMES, type Scheme } from './appearance.ts'
import {
  type Colour,
  contrast,
  holdsOn,
  nearestShade,
  readableOn,
  SHAPE_CONTRAST,
  TEXT_CONTRAST,
} from './contrast.ts'

/** The five colours of a theme, given or made. */
export type WholeColours = { readonly [Name in ColourName]: Colour }

/** Two colours that are too near to each other. */
export interface ContrastProblem {
  readonly scheme: Scheme
  readonly front: ColourName
  readonly back: ColourName
  /** Which of the two would have to change: always one that was given. */
  readonly change: ColourName
  /** Their colours. */
  readonly colours: readonly [front: Colour, back: Colour]
  readonly found: number
  readonly needed: number
  /** The nearest shade of what would have to change that does; null when no shade of it does. */
  readonly suggestion: Colour | null
}

interface Rule {
  readonly front: ColourName
  readonly back: ColourName
  readonly needed: number
}

/** Every two that meet on our pages. The accent is a button's ground, and the mark of the focus around everything. */
const RULES: readonly Rule[] = [
  { front: 'text', back: 'background', needed: TEXT_CONTRAST },
  { front: 'text', back: 'surface', needed: TEXT_CONTRAST },
  { front: 'accentText', back: 'accent', needed: TEXT_CONTRAST },
  { front: 'accent', back: 'background', needed: SHAPE_CONTRAST },
  { front: 'accent', back: 'surface', needed: SHAPE_CONTRAST },
]

/**
 * All five colours of a theme. What was left open is our own; an accent, the nearest shade of the one that was given for
 * the other theme; the text on it, black or white.
 */
export function wholeColours({ colours }: Pick<AppearanceSettings, 'colours'>, scheme: Scheme): WholeColours {
  const given = colours[scheme]
  const own = OWN_COLOURS[scheme]
  const background = given.background ?? own.background
  const surface = given.surface ?? own.surface
  const text = given.text ?? own.text
  const other = colours[scheme === 'light' ? 'dark' : 'light'].accent
  const fits = (accent: Colour) => holdsOn(accent, [background, surface], SHAPE_CONTRAST)
  // Text holds everywhere, so it stands in where no shade does.
  const accent = given.accent ?? nearestShade(other ?? own.accent, fits) ?? text
  const accentText = given.accentText ?? (accent === own.accent ? own.accentText : readableOn(accent))
  return { background, surface, text, accent, accentText }
}

/** Every pair that cannot be told apart well enough, in light and in dark. */
export const contrastProblems = (settings: Pick<AppearanceSettings, 'colours'>): readonly ContrastProblem[] =>
  SCHEMES.flatMap((scheme) => {
    const whole = wholeColours(settings, scheme)
    return RULES.flatMap((rule) => problemOf(settings, scheme, whole, rule) ?? [])
  })

function problemOf(
  { colours }: Pick<AppearanceSettings, 'colours'>,
  scheme: Scheme,
  whole: WholeColours,
  { front, back, needed }: Rule,
): ContrastProblem | null {
  const found = contrast(whole[front], whole[back])
  if (found >= needed) return null
  const given = colours[scheme]
  const change = given[front] === null ? back : front
  // Nobody chose either: the accent is the text then, and what is wrong with the text has been said.
  if (given[change] === null) return null
  return {
    scheme,
    front,
    back,
    change,
    colours: [whole[front], whole[back]],
    found: downTo(found),
    needed,
    suggestion: nearestShade(whole[change], (candidate) => fitsEverywhere(whole, change, candidate)),
  }
}

/** Whether a colour would do beside all the others. The text on an accent that nobody chose is made for it. */
const fitsEverywhere = (whole: WholeColours, changed: ColourName, candidate: Colour): boolean => {
  const tried = { ...whole, [changed]: candidate }
  return RULES.filter(({ front, back }) => front === changed || back === changed).every(
    ({ front, back, needed }) => contrast(tried[front], tried[back]) >= needed,
  )
}

/** Two digits, never rounded up to what would have done. */
const downTo = (ratio: number): number => Math.floor(ratio * 100) / 100

/** The two by their names: `light.text on light.background`. */
export const pairOf = ({ scheme, front, back }: ContrastProblem): string =>
  `${scheme}.${front} on ${scheme}.${back}`

/** What is wrong and what would do, without a full stop. */
export function contrastSentence(problem: ContrastProblem): string {
  const { front, back, change, colours, found, needed, suggestion } = problem
  const other = change === front ? back : front
  const way =
    suggestion === null
      ? `no shade of ${change} does beside the other colours, so ${other} has to change as well`
      : `the nearest ${change} that does is ${suggestion}`
  return `${pairOf(problem)} (${colours.join(' on ')}) has a contrast of ${found.toFixed(2)}, and ${needed} is needed; ${way}`
}
