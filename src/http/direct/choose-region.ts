import type { Context } from 'hono'
import type { Departure } from '../../broker/attempts/begin-connect.ts'
import type { Link } from '../../broker/attempts/open-link.ts'
import { decodeFormComponent } from '../../model/form-encoding.ts'
import { chooseRegionPage } from '../../pages/index.ts'
import { answerPage, nameOn, plainPage } from '../page-answer.ts'
import type { Services } from '../services.ts'
import { sourceLabel } from '../source-label.ts'

/** Asks where the person's account is: a page of links, each the start link that was followed with one region more. */
export function chooseRegion(
  c: Context,
  services: Services,
  { locale, application }: Link,
  { source, regions }: Extract<Departure, { kind: 'to-region' }>,
  query: string,
): Promise<Response> {
  const kept = query.split('&').filter((pair) => !namesRegion(pair))
  const choices = regions.map(({ region: { key, label } }) => ({
    key,
    label,
    url: `/dataSourceDirectConnection.html?${[...kept, `region=${key}`].join('&')}`,
  }))
  const view = {
    source: sourceLabel(services, source),
    choices,
    regions: source.authorizations.flatMap(({ region }) => (region === undefined ? [] : [region])),
  }
  return answerPage(c, services.context, { asked: locale, application }, plainPage(200), (page) =>
    chooseRegionPage({ ...view, application: nameOn(page, application) }, page),
  )
}

/** Whether a pair of a query is a choice made before, under any spelling that a reader could take for it. */
function namesRegion(pair: string): boolean {
  const name = decodeFormComponent(pair.split('=', 1)[0] ?? '')
  return name !== null && (name === 'region' || name.startsWith('region['))
}
