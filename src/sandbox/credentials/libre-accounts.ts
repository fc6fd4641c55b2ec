/** The password of every account. */
export const LIBRE_PASSWORD = 'sandbox'

/** Accounts with an end of their own. Every other name at `example.com` just logs in. */
export const LIBRE_ACCOUNTS = Object.freeze({
  'terms@example.com': 'New terms of use wait to be accepted',
  'privacy@example.com': 'A new privacy policy waits to be accepted',
  'mfa@example.com': 'A code is asked for',
  'locked@example.com': 'The account is locked',
  'down@example.com': 'The service is down',
  'odd@example.com': 'The answer is a page, not JSON',
  'lost@example.com': 'The region sends the account on, again and again',
})
