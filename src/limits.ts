/**
 * Every bound and lifetime of the service, each with its unit in the name and the reason for its value.
 *
 * @module limits — owns numbers only. What an operator may change is read by `config.ts`, which takes its
 * default and its range from here.
 */

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export const limits = Object.freeze({
  /** Bodies of our own API are a few fields; 64 KiB leaves room for a hundred times that. */
  requestBodyBytes: 64 * 1024,
  /** Node's header limit: large enough for ten attempt cookies, small enough to be cheap to refuse. */
  requestHeaderBytes: 16 * 1024,
  /** Time to receive the headers of a request, against slow senders. */
  requestHeadersTimeoutMs: 10 * SECOND_MS,
  /** Time to receive a whole request. */
  requestTimeoutMs: 30 * SECOND_MS,
  /** How often both are looked at; Node's own default of 30 s would let a slow sender stay three times as long. */
  requestTimeoutsCheckedEveryMs: SECOND_MS,
  /** Longer than the idle timeout of common load balancers (60 s), so that they close first. */
  keepAliveTimeoutMs: 65 * SECOND_MS,

  /** Mistakes of one request that its answer lists: more than anybody makes by hand. */
  mistakesTold: 20,

  /** An alias that an application gives its end user. */
  partnerUserIdCharacters: 80,
  /** Ids in one call to read end users. */
  endUserIdsPerCall: 100,
  /** A person's height, with room for measuring errors, in centimetres. */
  heightCm: { min: 1, max: 300 },
  /** A person's weight, in kilograms. */
  weightKg: { min: 0.1, max: 1000 },
  /** Time between queueing and carrying out a deletion, when the application names none. */
  deletionDelayMs: 7 * DAY_MS,
  /** The furthest date that a deletion may be queued for. */
  deletionDelayMaxMs: 365 * DAY_MS,

  /** A session outlives a coffee break, not a working day. */
  sessionLifetimeSeconds: { default: 3_600, min: 60, max: 86_400 },
  /** Ended sessions are kept this long, so that a late click still gets `session_expired` at the application. */
  sessionKeptAfterEndMs: DAY_MS,
  /** Sessions of an application that are ended in one unit of work: some tens of milliseconds. */
  sessionsEndedAtOnce: 2_000,
  /** A label shown to the person; longer ones do not fit a phone. */
  sessionLabelCharacters: 60,
  /** Redirect URIs, as presented or listed. */
  redirectUriCharacters: 2_048,
  /** The query that a caller may add to a listed redirect URI. */
  redirectQueryCharacters: 1_024,
  /** An id that a vendor gave us. The longest known are 80 characters. */
  clientIdCharacters: 500,
  /** A secret or a key that a vendor gave us. Signed ones reach several hundred characters. */
  clientSecretCharacters: 1_000,
  /** Values that a vendor gives beside id and secret; none is known to give more than two. */
  clientExtras: 10,
  /** How often clients given over the API are read again: a change on one replica reaches the others in this time. */
  clientsReadAgainMs: 2 * SECOND_MS,

  /** Logos of an operator: more than there are sources. Each is a small picture, and all are kept in memory. */
  logoFiles: 200,
  logoBytes: 128 * 1024,
  logoPixels: 2_048,

  /** The name of an application on its pages: longer ones do not fit a phone. */
  shownNameCharacters: 60,
  /** A whole look of an application: every text in a dozen languages; and a logo, which base64 makes a third longer. */
  appearanceBytes: 256 * 1024,
  /** Looks that one process remembers, some megabytes of texts at the most, and how soon it asks whether one has changed. */
  appearancesKept: 100,
  appearanceReadAgainMs: 2 * SECOND_MS,
  /** Time to look around on the preview of a look. */
  previewLifetimeMs: 30 * MINUTE_MS,
  /** Previews of one application that are open at once; the oldest are dropped. */
  previewsPerApplication: 20,

  /** Allowed redirect URIs that are remembered for each application, so that they need not be judged again. */
  redirectDecisionsKept: 500,
  /** Redirect URIs that one application may list by self-service. */
  redirectUrisPerApplication: 200,

  /** People type passwords and second factors at the vendor; after this the attempt is over. */
  attemptLifetimeMs: 15 * MINUTE_MS,
  /** An exchange that did not end by then was cut off by a crash. */
  attemptExchangeMs: MINUTE_MS,
  /** Time for somebody's word about what a vendor gave: people may have to log in again first. */
  heldGrantMs: 10 * MINUTE_MS,
  /** Attempt cookies in one browser; the oldest are dropped. Ten tabs are more than anybody opens. */
  attemptCookiesPerBrowser: 10,
  /** Finished attempts are kept for support and for the funnel. */
  attemptKeptMs: 7 * DAY_MS,
  /** Time in which an application may redeem a result code. */
  resultRedeemMs: 10 * MINUTE_MS,

  /** How long a callback waits for a revocation of the same account: two vendor calls at their slowest, less some. */
  revocationWaitMs: 15 * SECOND_MS,
  revocationPollMs: 100,
  /** Vendor accounts whose grants were ended are remembered: longer than a grant is held and made a connection. */
  revocationRememberedMs: 15 * MINUTE_MS,
  /** How far the clocks of two replicas may be apart where an instant of one is compared with the other's. */
  clocksApartMs: 5 * SECOND_MS,
  /** Accounts of one source that one end user can have connected, where an application lets them have several. */
  accountsPerSource: 10,
  /** Vendor accounts that one end user may connect to one source in a day before it is called suspicious. */
  accountsPerDay: 3,
  accountsCountedMs: DAY_MS,

  /** A vendor's answer must start within this time. */
  vendorTimeoutMs: 10 * SECOND_MS,
  /** A token or account answer is a few kilobytes; nothing larger is read. */
  vendorResponseBytes: 256 * 1024,
  /** Calls to one vendor under way at once, so that one slow vendor cannot take every socket. */
  vendorConcurrency: 20,
  /** Calls that may wait for a place at one vendor; more get the friendly failure at once. */
  vendorQueue: 200,
  /** A code or state longer than this is nobody's. */
  callbackParameterCharacters: 4_096,
  /** A vendor's account id. The longest known are 64 characters. */
  accountIdCharacters: 256,
  /** An access token with less life than this is renewed before a call that must find it alive. */
  accessTokenLeftMs: MINUTE_MS,
  /** A JWT with an account id in a claim. Real ones are a tenth of it. */
  jwtCharacters: 16_384,
  /** First wait before a list of permissions that came back empty is asked for again; doubled each time. */
  permissionsWaitMs: { first: 500 },
  /** Permissions that a vendor may list for one person. */
  permissionsListed: 200,
  /** Longest access token life that we believe; Polar names ten years. */
  tokenLifetimeMaxSeconds: 20 * 365 * 86_400,

  /** Tokens are renewed at least this long before they end, so that an hour of an outage is noticed by nobody. */
  renewalAheadMs: 10 * MINUTE_MS,
  /** A worker's hold on a renewal: longer than the wait for a place at a vendor and its slowest answer together. */
  renewalLeaseMs: 60 * SECOND_MS,
  /** Nothing is sent when less than this is left of the lease: by its end the answer must be here. */
  renewalSendWithinMs: 25 * SECOND_MS,
  /** How long new tokens are tried to be stored while the database does not answer: they exist nowhere else. */
  renewalStoreMs: 2 * MINUTE_MS,
  renewalStoreWaitMs: { first: 50, max: 2 * SECOND_MS },
  /** Life of a renewed access token about which the vendor says nothing that can be. */
  renewedLifetimeUnsaidSeconds: 600,
  /** First wait after a renewal that failed; doubled each time, with full jitter. */
  renewalBackoffMs: { first: SECOND_MS, max: 15 * MINUTE_MS },
  /** When a caller may ask again for a token that could not be renewed, unless the vendor says more. */
  renewalRetryAfterMs: 5 * SECOND_MS,
  /** How often the background looks for renewals that are due. */
  renewalIntervalMs: SECOND_MS,
  /** Renewals taken at a time: what one vendor's places do well within a lease. */
  renewalBatch: 100,
  /** Renewals under way at one vendor at once: half of its places, so that people who connect find one. */
  renewalConcurrency: 10,
  /** What of a vendor's published limit the background takes; people and the application keep the rest. */
  renewalShare: 0.5,
  /** A vendor that did not answer so often in a row rests. */
  circuitOutages: 5,
  /** People are kept from a vendor that failed so often in this time, but for one in each further while. */
  breakerWindowMs: 30 * SECOND_MS,
  breakerProbeMs: 30 * SECOND_MS,
  /** A vendor's answer that is passed on must start within this time, may be silent for so long, and be so large. */
  proxyTimeoutMs: 30 * SECOND_MS,
  proxyIdleMs: 30 * SECOND_MS,
  proxyResponseBytes: 256 * 1024 * 1024,
  /** A body on its way to a vendor: a training file of a day. */
  proxyRequestBytes: 32 * 1024 * 1024,
  /** Calls passed on to one vendor at once; apart from our own, so that reading data never holds up a connect. */
  proxyConcurrency: 100,
  /** A path behind `/proxy/`, with its query. */
  proxyPathCharacters: 4_096,

  /** A token is never handed out with less life than this left: a call with it must be able to finish. */
  tokenLifeLeftMs: MINUTE_MS,
  /** How long a caller waits for another one's renewal, and how often it looks. */
  tokenWaitMs: 10 * SECOND_MS,
  tokenPollMs: { first: 20, max: 500 },

  /** A vendor's notification. Real ones are a few kilobytes; batches of a busy day reach some hundred. */
  inboundBodyBytes: 1024 * 1024,
  /** Events that one notification may hold. */
  inboundEvents: 5_000,
  /** Notifications to one address: what a vendor sends for a hundred thousand people in a burst. */
  inboundPerAddress: { burst: 2_000, perSecond: 500 },
  /** The same body again within this time is a repetition, where bodies carry a time or an id of their own… */
  inboundRememberedMs: 7 * DAY_MS,
  /** …and within this time where the same may truly happen twice. */
  inboundRepeatedMs: 10 * MINUTE_MS,
  /** Notifications taken at a time, and how often there is a look. */
  /** How long a vendor's published keys are used, and how soon one that is not among them is looked for again. */
  publishedKeysMs: DAY_MS,
  publishedKeysAgainMs: MINUTE_MS,
  inboundBatch: 20,
  inboundRounds: 20,
  inboundIntervalMs: SECOND_MS,
  /** First wait before a notification that could not be done is tried again; doubled each time, with jitter. */
  inboundBackoffMs: { first: 5 * SECOND_MS, max: HOUR_MS },
  /** After this time it is given up, and its body thrown away. */
  inboundGiveUpMs: 3 * DAY_MS,
  /** Subscriptions taken at a time, and how often there is a look. */
  subscriptionBatch: 20,
  subscriptionIntervalMs: 2 * SECOND_MS,
  /** First wait before a vendor is asked again that made no subscription; doubled each time, with jitter. */
  subscriptionBackoffMs: { first: 30 * SECOND_MS, max: DAY_MS },
  /** The part of a subscription's life after which it is renewed. */
  subscriptionRenewedAfter: 0.8,
  /** An address that was changed is still listened to for so long, until the vendor has been told. */
  inboundOldAddressMs: DAY_MS,

  /** Entries of one page of a list of our own API: a few hundred kilobytes at most. */
  listPage: 100,
  /** A cursor of such a list: the longest redirect URI in base64url. */
  cursorCharacters: 2_732,

  /** Entries of a connection's history: a month of renewals every eight hours. All fit into one page. */
  historyEntries: 100,

  /** First wait before a failed revocation is tried again; doubled each time, with jitter. */
  revocationBackoffMs: { first: 5 * SECOND_MS, max: 6 * HOUR_MS },
  /** After this time an unanswered revocation ends `gave_up`. */
  revocationGiveUpMs: 30 * DAY_MS,
  /** A worker's hold on a job: longer than any vendor call, short enough to recover from a crash. */
  jobLeaseMs: MINUTE_MS,
  /** Jobs taken at a time. */
  jobBatch: 20,
  /** Between two exchanges of an older token: five a second are nothing to a vendor, and a day's work for 400,000. */
  exchangePauseMs: 200,
  /** Connections that an exchange reads at a time. */
  exchangePage: 100,
  /** So often in a row a vendor may be unavailable before an exchange stops. */
  exchangeUnavailableInARow: 5,

  /** How often the background work looks for something to do. */
  sweepIntervalMs: 2 * SECOND_MS,
  /** Rows handled by one sweep, so that it never blocks a request for long. */
  sweepBatch: 500,
  /** Batches of old rows that one sweep removes: 5,000 rows a second, more than a busy replica makes. */
  sweepRounds: 20,

  /** Time in which a receiver must have answered. The documented service waits 2 s, and receivers are built for that. */
  webhookTimeoutMs: { default: 2 * SECOND_MS, min: 200, max: 30 * SECOND_MS },
  /** What is read of a receiver's answer; nobody needs more than its beginning. */
  webhookResponseBytes: 64 * 1024,
  /** The beginning of an answer that is kept with a delivery. */
  webhookAnswerCharacters: 500,
  /** Tries that are kept with a delivery; a whole schedule is eleven. */
  webhookAttemptsKept: 20,
  /** Waits between the tries of one delivery: 46 hours in all, without jitter. */
  webhookRetryWaitsMs: Object.freeze([
    5 * SECOND_MS,
    30 * SECOND_MS,
    2 * MINUTE_MS,
    10 * MINUTE_MS,
    30 * MINUTE_MS,
    HOUR_MS,
    3 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    24 * HOUR_MS,
  ]),
  /** A wait may be longer by this part of itself. */
  webhookRetryJitter: 0.2,
  /** The longest `Retry-After` that is obeyed. */
  webhookRetryAfterMaxMs: DAY_MS,
  /** An endpoint that only failed for this long is switched off. */
  webhookSwitchedOffAfterMs: 5 * DAY_MS,
  /** Lanes of one endpoint that are delivered at the same time. */
  webhookConcurrency: 20,
  /** Lanes taken at a time: enough that a place that gets free finds the next one. */
  webhookLanesTaken: 40,
  /** Deliveries of one lane in one lease. */
  webhookLaneBatch: 20,
  /** Events that are queued for an endpoint in one unit of work. */
  webhookQueueBatch: 500,
  /** A worker's hold on a lane: longer than a try takes, short enough to recover from a crash. */
  webhookLeaseMs: MINUTE_MS,
  /** How often each replica looks for something to deliver. */
  webhookPollMs: 250,
  /** Endpoints of one application. */
  webhookEndpointsPerApplication: 20,
  /** Events that one call may tell again. */
  webhookReplayEvents: 5_000,
  /** Deliveries are readable for as long as events are kept. */
  webhookDeliveryKeptMs: 30 * DAY_MS,

  /** Events stand in the feed for so long. */
  eventKeptMs: 30 * DAY_MS,

  /** Tries on one log-in form. A vendor locks an account after as few as three in a minute. */
  logInTriesPerAttempt: 5,
  /** Tries of one session, and for one account at a vendor, within an hour. */
  logInTriesPerSession: 20,
  logInTriesPerAccount: 10,
  logInTriesWindowMs: HOUR_MS,
  /** Log-ins from one address, over all its sessions. */
  logInsPerAddress: { burst: 20, perSecond: 0.1 },
  /** An e-mail address has at most 254 characters (RFC 5321 §4.5.3.1). */
  logInNameCharacters: 254,
  passwordCharacters: 1_024,

  /** Wrong second halves of one pairing code: 5 of 64 million, whoever guesses and however fast. */
  pairingTriesPerCode: 5,
  /** Wrong pairing codes of one application in ten minutes, so that guessers cannot use up the tries of many codes. */
  pairingFailures: { count: 1_000, windowMs: 10 * MINUTE_MS },
  /** Pairing codes from one address: a room full of people behind one router, not a machine. */
  pairingsPerAddress: { burst: 30, perSecond: 0.5 },
  /** Reports of one phone. */
  reportsPerDevice: { burst: 20, perSecond: 1 },
  /** Permissions in one report; the largest store on a phone knows fewer than two hundred kinds of data. */
  permissionsPerReport: 300,
  permissionCharacters: 120,

  /** Refused browser requests from one address: a person never reaches it, a guesser does at once. */
  refusedPerAddress: { burst: 40, perSecond: 10 },
  /** API calls of one application. Configurable. */
  apiRequestsPerSecond: { default: 500, min: 1, max: 100_000 },
  /** Right pairs of credentials that are known again without checking each secret anew. */
  credentialsRemembered: 1_000,
  /** Failed log-ins from one address. */
  failedLoginsPerAddress: { burst: 30, perSecond: 5 },
  /** Addresses and applications that the rate limiter remembers at once. */
  rateLimiterKeys: 100_000,

  /** Definitions that an operator adds by files: as many as fit into memory without a thought, and longer than any of ours. */
  sourceFiles: 100,
  sourceFileCharacters: 100_000,
  /** Ids that are never published, for the sources that operators add. */
  operatorSourceIds: { first: 10_000, last: 999_999 },

  /** Audit lines of one application about refused pairs of credentials: enough to be seen, no way to fill the log. */
  crossPairingsAudited: { burst: 5, perSecond: 1 / 60 },
  /** Audit lines that one look prints: as many as somebody reads, or a file of some megabytes. */
  auditListed: { default: 100, max: 10_000 },
  /** Audit lines that are read at a time when all are checked. */
  auditPage: 500,

  /** Answers to repeated POSTs with the same `Idempotency-Key` are kept this long. */
  idempotencyKeptMs: DAY_MS,
  idempotencyKeyCharacters: 200,

  /** Time for open requests to finish after SIGTERM. */
  shutdownMs: 20 * SECOND_MS,
  /** Time that a write waits for SQLite's lock, held only by a backup or another process's start. */
  sqliteBusyMs: 5 * SECOND_MS,
  /** Sealed values that a rotation of keys reads and replaces together: some milliseconds of work between people's own. */
  sealedValuesPerPage: 500,
  /** Units of work that may wait for a commit; beyond that the service says that it is busy. */
  writeQueue: 10_000,
})
