import type { Appearance, AppearanceLogo } from './appearance.ts'
import type { EventType } from './event.ts'
import type { ApplicationId } from './ids.ts'
import type { Secret } from './secret.ts'
import type { ConfiguredWebhook } from './webhook.ts'

/** Our registration at one vendor, on behalf of one application. */
export interface Client {
  /** The vendor key of the authorization that it is for. */
  readonly vendor: string
  readonly clientId: string
  readonly clientSecret: Secret
  /** The scopes to ask for; null for the ones that the source asks for by itself. */
  readonly scopes: readonly string[] | null
  /** What the vendor wants beside id and secret, such as a subscription key, by the names of the definition. */
  readonly extras: ReadonlyMap<string, Secret>
  /** What the configuration gives cannot be changed over the API. */
  readonly managedBy: 'configuration' | 'api'
}

/** What reads health data on the phone, for the sources that live there. */
export interface PhoneApp {
  /** Keys of the sources that it reads. */
  readonly sources: ReadonlySet<string>
  /** The address that opens it with a pairing code in place of `{code}`; null when it has none. */
  readonly pairingLink: string | null
}

/**
 * What an application does against links that somebody else opens (contract §3, "Who started it, finished it"): `auto`
 * goes straight to the vendor; `page` asks the person first; `confirm` makes the connection only when the application,
 * which sees its own log-in, has said whose it is.
 */
export type Binding =
  | { readonly kind: 'auto' }
  | { readonly kind: 'page' }
  | {
      readonly kind: 'confirm'
      /** Where the browser takes its ticket to; configuration alone decides it. */
      readonly verifyUrl: string
      /** When a code is exchanged; null where that follows from how long the vendor's codes live. */
      readonly exchange: 'before-confirm' | 'after-confirm' | null
    }

/**
 * What happens when another end user of the application connects a vendor account that is connected already: `move` it
 * from the old owner to the new one, `refuse` the new one, or let both `share` it.
 */
export const ACCOUNT_TAKEN_POLICIES = ['move', 'refuse', 'share'] as const

/** How many accounts of one source an end user can have: `one`, which a second replaces, or `several`. */
export const ACCOUNTS_PER_SOURCE = ['one', 'several'] as const

/** What an application wants to happen with vendor accounts. */
export interface AccountPolicy {
  readonly onAccountTaken: (typeof ACCOUNT_TAKEN_POLICIES)[number]
  readonly accountsPerSource: (typeof ACCOUNTS_PER_SOURCE)[number]
}

/** A look that stands in the configuration, with its logo. */
export interface ConfiguredAppearance extends Appearance {
  readonly logo: AppearanceLogo | null
  readonly darkLogo: AppearanceLogo | null
}

/** A customer's software, as configured. Everything but the account belongs to one application. */
export interface Application {
  readonly id: ApplicationId
  /** The log-in that it belongs to. */
  readonly accountUsername: string
  /** What people read on our pages. */
  readonly name: string
  /** Redirect URIs of the configuration; more may be listed by self-service. */
  readonly redirectUris: ReadonlySet<string>
  readonly binding: Binding
  readonly accountPolicy: AccountPolicy
  /** Where the policy is another, by the source's key. */
  readonly accountPolicies: ReadonlyMap<string, AccountPolicy>
  /** Origins whose pages may frame the widget. */
  readonly embedOrigins: readonly string[]
  /** By vendor key: those of the configuration and those that were given over the API, as they are right now. */
  readonly clients: ReadonlyMap<string, Client>
  /** Keys of the sources that people may connect by their own log-in, which no vendor offers officially. */
  readonly unofficialLogIns: ReadonlySet<string>
  /** The application's app on people's phones; null when it has none. */
  readonly phoneApp: PhoneApp | null
  /** How its pages look; null where that is said over the API, if at all. */
  readonly appearance: ConfiguredAppearance | null
  /** Webhook endpoints of the configuration; more may be added by self-service. */
  readonly webhooks: readonly ConfiguredWebhook[]
  /** What its feed has; null for everything that is kept: all but what must be asked for, and what an endpoint asks for. */
  readonly feedTypes: readonly EventType[] | null
  readonly sessionLifetimeSeconds: number
  /** The language of its pages when neither the session nor the browser asks for one that we have. */
  readonly language: string | null
  readonly apiRequestsPerSecond: number
}
