import { isOAuth2, type Source } from '../model/source.ts'
import { oauth1VendorFor, type SandboxClient, type SandboxOptions, vendorFor } from '../sandbox/index.ts'

const authorizationsOf = (sources: ReadonlyMap<number, Source>) =>
  [...sources.values()].flatMap((source) => (source.kind === 'oauth2' ? source.authorizations : []))

/** The vendors of these sources, with localhost allowed: that is where whoever uses the sandbox lives. */
export function sandboxVendors(
  sources: ReadonlyMap<number, Source>,
): Required<Pick<SandboxOptions, 'vendors' | 'oauth1Vendors' | 'switches'>> {
  const authorizations = authorizationsOf(sources)
  return {
    vendors: authorizations.filter(isOAuth2).map(vendorFor),
    oauth1Vendors: authorizations.filter((one) => !isOAuth2(one)).map(oauth1VendorFor),
    switches: Object.fromEntries(authorizations.map(({ vendor }) => [vendor, { allowLocalhost: true }])),
  }
}

/** A registration of one application at every vendor, with whatever else a vendor hands out at its own. */
export const sandboxClients = (
  sources: ReadonlyMap<number, Source>,
  serviceUrl: string,
): readonly (SandboxClient & { readonly extras: Readonly<Record<string, string>> })[] =>
  authorizationsOf(sources).map(({ vendor, registration }) => ({
    vendor,
    name: 'Tidewell',
    clientId: `sandbox-${vendor}`,
    clientSecret: `sandbox-${vendor}-secret`,
    redirectUris: [`${serviceUrl}/callback/${vendor}`],
    extras: Object.fromEntries(
      (registration?.clientFields ?? []).map(({ name }) => [name, `sandbox-${name}`]),
    ),
  }))
