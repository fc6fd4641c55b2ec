import type { Api } from './endpoint.ts'
import { invalidArgument } from './errors.ts'
import { flag, listOf, nullable, number, object, text } from './readers.ts'
import type { CallOptions } from './request.ts'

/** An entry of the application's list of redirect URIs. */
export interface ListedRedirectUri {
  readonly uri: string
  /** One of the `configuration` is read-only here. */
  readonly managedBy: 'configuration' | 'api' | (string & {})
}

/** An entry that was added, with what may surprise about it. */
export interface AddedRedirectUri extends ListedRedirectUri {
  readonly warnings: readonly { readonly code: string; readonly detail: string }[]
}

/** What the service would say to a redirect URI. */
export interface RedirectUriCheck {
  readonly allowed: boolean
  /** Which of the contract's rules refused it. */
  readonly rule: number | null
  readonly code: string | null
  readonly detail: string | null
  /** The entry that it fits. */
  readonly entry: string | null
}

/** The application's list of redirect URIs (contract §3, §6). */
export interface RedirectUriCalls {
  /** Where people may be sent back to. */
  listRedirectUris(options?: CallOptions): Promise<readonly ListedRedirectUri[]>
  /** Lists a redirect URI. */
  addRedirectUri(uri: string, options?: CallOptions): Promise<AddedRedirectUri>
  /** Takes a redirect URI off the list. */
  removeRedirectUri(uri: string, options?: CallOptions): Promise<void>
  /** Tries a redirect URI without starting anything: which rule would refuse it, and why. */
  checkRedirectUri(uri: string, options?: CallOptions): Promise<RedirectUriCheck>
}

const listed = object<ListedRedirectUri>({ uri: text, managedBy: text })
const added = object<AddedRedirectUri>({
  uri: text,
  managedBy: text,
  warnings: listOf(object({ code: text, detail: text })),
})
const checked = object<RedirectUriCheck>({
  allowed: flag,
  rule: nullable(number),
  code: nullable(text),
  detail: nullable(text),
  entry: nullable(text),
})

/** Makes the calls about redirect URIs. */
export function redirectUriCalls({ get, list, run }: Api): RedirectUriCalls {
  const path = '/redirect-uris'
  const given = (uri: string): string => {
    if (typeof uri !== 'string' || uri === '') throw invalidArgument('uri must not be empty.')
    return uri
  }
  return {
    listRedirectUris: async (options) =>
      list({ purpose: 'list redirect URIs', method: 'GET', path }, listed, options),
    addRedirectUri: async (uri, options) => {
      const body = { uri: given(uri) }
      return get({ purpose: 'list a redirect URI', method: 'POST', path, body }, added, options)
    },
    removeRedirectUri: async (uri, options) =>
      run({ purpose: 'remove a redirect URI', method: 'DELETE', path, query: { uri: given(uri) } }, options),
    checkRedirectUri: async (uri, options) => {
      const endpoint = { method: 'POST', path: `${path}/check`, body: { uri: given(uri) } } as const
      return get({ purpose: 'check a redirect URI', ...endpoint }, checked, options)
    },
  }
}
