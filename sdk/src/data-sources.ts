import { checkDataSource, checkLocale, type DataSource } from './arguments.ts'
import {
  type CatalogueSource,
  parseClient,
  parseSource,
  parseSourceEntry,
  type VendorClient,
} from './catalogue.ts'
import type { Api } from './endpoint.ts'
import { nullable, object, text } from './readers.ts'
import { type Ask, type CallOptions, json } from './request.ts'

/** Which client is meant, where a source has several. */
export interface ClientChoice {
  readonly dataSource: DataSource
  /** The vendor key of one of the source's `authorizations`. */
  readonly vendor?: string
  /** `production` when neither is given. */
  readonly environment?: 'production' | 'sandbox'
}

/** A client as the vendor gave it. */
export interface NewVendorClient extends ClientChoice {
  readonly clientId: string
  readonly clientSecret: string
  /** Scopes to ask for instead of those that the source asks for by itself. */
  readonly scopes?: readonly string[]
  /** What the vendor gives beside id and secret, by the names of the source's page. */
  readonly extras?: Readonly<Record<string, string>>
}

/** The catalogue and the application's clients at vendors (contract §6). Springbar only. */
export interface DataSourceCalls {
  /** The catalogue as the application can use it, by id, in a language: `de`, `pt-BR`, `zh-Hant`. */
  readDataSources(
    wish?: { readonly locale?: string },
    options?: CallOptions,
  ): Promise<readonly CatalogueSource[]>
  /** One source of it. */
  readDataSource(
    wish: { readonly dataSource: DataSource; readonly locale?: string },
    options?: CallOptions,
  ): Promise<CatalogueSource>
  /** The application's client for a source, without its secrets; `not_found` when there is none. */
  readVendorClient(choice: ClientChoice, options?: CallOptions): Promise<VendorClient>
  /** Gives or replaces the application's client for a source; the next connect uses it. */
  putVendorClient(client: NewVendorClient, options?: CallOptions): Promise<VendorClient>
  /** Removes the application's client for a source: nobody can connect it then. */
  removeVendorClient(choice: ClientChoice, options?: CallOptions): Promise<void>
  /** Changes the address of a vendor's notifications, which must then be registered anew at the vendor. */
  changeNotificationAddress(choice: ClientChoice, options?: CallOptions): Promise<NotificationAddress>
}

/** Where a vendor is to send its notifications. */
export interface NotificationAddress {
  readonly uri: string
  readonly verifyToken: string
  /** What to do with it at the vendor. */
  readonly setUp: string
  /** ISO-8601 instant; null when it was never changed. */
  readonly changedAt: string | null
}

const notificationAddress = object<NotificationAddress>({
  uri: text,
  verifyToken: text,
  setUp: text,
  changedAt: nullable(text),
})

/** Makes the calls about data sources. */
export function dataSourceCalls(ask: Ask, apiUrl: string, api: Api): DataSourceCalls {
  const base = `${apiUrl}/v1/data-sources`
  const inLocale = (locale: string | undefined) =>
    locale === undefined ? '' : `?${new URLSearchParams({ locale: checkLocale(locale) })}`
  const clientUrl = ({ dataSource }: ClientChoice) => `${base}/${checkDataSource(dataSource)}/client`
  const chosen = ({ vendor, environment }: ClientChoice) => ({
    ...(vendor === undefined ? {} : { vendor }),
    ...(environment === undefined ? {} : { environment }),
  })
  const withChoice = (choice: ClientChoice) => {
    const query = new URLSearchParams(chosen(choice)).toString()
    return query === '' ? clientUrl(choice) : `${clientUrl(choice)}?${query}`
  }
  const get = async (purpose: string, url: string, signal: AbortSignal | undefined) =>
    (await ask(purpose, 200, { method: 'GET', url, headers: {}, signal })).text

  return {
    readDataSources: async ({ locale } = {}, options = {}) => {
      const query = locale === undefined ? {} : { locale: checkLocale(locale) }
      const endpoint = { purpose: 'read the catalogue', method: 'GET', path: '/data-sources', query } as const
      return api.list(endpoint, parseSourceEntry, options)
    },

    readDataSource: async ({ dataSource, locale }, { signal } = {}) => {
      const url = `${base}/${checkDataSource(dataSource)}${inLocale(locale)}`
      return parseSource(await get('read a data source', url, signal))
    },

    readVendorClient: async (choice, { signal } = {}) =>
      parseClient(await get('read a client', withChoice(choice), signal)),

    async putVendorClient(client, { signal } = {}) {
      const { clientId, clientSecret, scopes, extras } = client
      const body = { ...chosen(client), clientId, clientSecret, scopes, extras }
      const answer = await ask('store a client', 200, {
        method: 'PUT',
        url: clientUrl(client),
        ...json(body),
        signal,
      })
      return parseClient(answer.text)
    },

    async removeVendorClient(choice, { signal } = {}) {
      await ask('remove a client', 204, { method: 'DELETE', url: withChoice(choice), headers: {}, signal })
    },

    changeNotificationAddress: async (choice, options) => {
      const path = `/data-sources/${checkDataSource(choice.dataSource)}/notifications/change`
      const endpoint = { method: 'POST', path, body: chosen(choice) } as const
      return api.get({ purpose: 'change an address', ...endpoint }, notificationAddress, options)
    },
  }
}
