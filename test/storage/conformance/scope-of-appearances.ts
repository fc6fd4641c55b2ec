// The methods about looks, and the one for an export, that take an application: what a stranger gets of them. Part of
// scope.ts.
import type { EndUser } from '../../../src/model/end-user.ts'
import type { ApplicationId } from '../../../src/model/ids.ts'
import type { Tables } from '../../../src/storage/storage.ts'
import { NOW, newLogo, newSettings } from '../rows.ts'

type Call = (
  tables: Tables,
  applicationId: ApplicationId,
  world: { readonly endUser: EndUser },
) => Promise<unknown>

const found = (call: Call, nothing: unknown) => ({ call, nothing })

export const appearanceCases = {
  'endUsers.recordsOf': found(
    async ({ endUsers }, application, { endUser }) =>
      Object.values(await endUsers.recordsOf(application, endUser.id)).flat(),
    [],
  ),
  'appearances.putSettings': found(async ({ appearances }, application, { endUser }) => {
    const change = { applicationId: application, revision: 'second', now: NOW }
    await appearances.putSettings(change, newSettings({ name: 'Mine' }))
    return (await appearances.find(endUser.applicationId))?.settings.name
  }, 'Morning Miles'),
  'appearances.putLogo': found(async ({ appearances }, application, { endUser }) => {
    const change = { applicationId: application, revision: 'second', now: NOW }
    await appearances.putLogo(change, newLogo('mine'))
    return (await appearances.find(endUser.applicationId))?.logoDigest
  }, newLogo().digest),
  'appearances.putDarkLogo': found(async ({ appearances }, application, { endUser }) => {
    const change = { applicationId: application, revision: 'second', now: NOW }
    await appearances.putDarkLogo(change, newLogo('mine'))
    return (await appearances.find(endUser.applicationId))?.darkLogoDigest
  }, null),
  'appearances.remove': found(({ appearances }, application) => appearances.remove(application), false),
  'appearances.find': found(({ appearances }, application) => appearances.find(application), null),
  'appearances.findRevision': found(
    ({ appearances }, application) => appearances.findRevision(application),
    null,
  ),
  'appearances.findLogo': found(
    ({ appearances }, application) => appearances.findLogo(application, newLogo().digest),
    null,
  ),
  'appearancePreviews.removeOldest': found(
    ({ appearancePreviews }, application) => appearancePreviews.removeOldest(application, 0),
    0,
  ),
}
