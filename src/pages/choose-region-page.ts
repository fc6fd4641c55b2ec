import { renderDocument } from './layout.ts'
import { ownPath } from './links.ts'
import { type Markup, markup } from './markup.ts'
import { sourceTile } from './parts.ts'
import { phrase, plainPhrase } from './phrase.ts'
import type { PageContext, SourceLabel } from './view.ts'

/** A part of the world: a two-letter country code (ISO 3166-1) or another word, and its name in English. */
export interface RegionLabel {
  readonly key: string
  readonly label: string
}

/** A vendor with several places for accounts, and nothing said yet about this person's. */
export interface ChooseRegionView {
  readonly application: string
  readonly source: SourceLabel
  /** Each with the start link for it: a path on the own origin. */
  readonly choices: readonly (RegionLabel & { readonly url: string })[]
  /** All places that the vendor has, offered here or not. */
  readonly regions: readonly RegionLabel[]
}

/** The name of a country in a language; null for what is not the code of the country that the label names. */
function countryName({ key, label }: RegionLabel, tag: string): string | null {
  if (!/^[a-z]{2}$/.test(key)) return null
  const nameIn = (locale: string) => new Intl.DisplayNames([locale], { type: 'region' }).of(key.toUpperCase())
  return nameIn('en') === label ? (nameIn(tag) ?? null) : null
}

/**
 * A place in the person's language. Countries have names in every language; of one place that is no country but
 * everything beside the vendor's other places it can be said which countries it is not.
 */
function regionName(choice: RegionLabel, regions: readonly RegionLabel[], { language }: PageContext): Markup {
  const { tag, messages } = language
  const country = countryName(choice, tag)
  if (country !== null) return markup`${country}`
  const countries = regions
    .filter(({ key }) => key !== choice.key)
    .map((region) => countryName(region, tag))
    .filter((name) => name !== null)
  if (countries.length === 0 || countries.length !== regions.length - 1)
    return markup`<span lang="en">${choice.label}</span>`
  const list = new Intl.ListFormat(tag, { type: 'conjunction' }).format(countries)
  return phrase(messages, 'region.elsewhere', { countries: list })
}

/** Asks where the person's account is, by links that go on from there. Nothing has been started. */
export function chooseRegionPage(view: ChooseRegionView, context: PageContext): Markup {
  const { messages } = context.language
  const { application, source, choices, regions } = view
  const names = { source: source.name }
  // "Another country" can only be understood behind the countries.
  const isCountry = (region: RegionLabel) => countryName(region, context.language.tag) !== null
  const links = choices
    .toSorted((a, b) => Number(isCountry(b)) - Number(isCountry(a)))
    .map((choice) => {
      const url = ownPath(choice.url)
      if (url === null) throw new TypeError('A start link stays on the own origin')
      return markup`<li><a class="button" href="${url}"><span>${regionName(choice, regions, context)}</span></a></li>`
    })
  const body = markup`<div class="emblem">${sourceTile(source)}</div>
<h1>${phrase(messages, 'region.title', names)}</h1>
<p class="lead">${phrase(messages, 'region.text', names)}</p>
<ul class="actions choices">${links}</ul>`
  const title = plainPhrase(messages, 'region.title', names)
  return renderDocument({ title, application, body, size: 'card', script: null }, context)
}
