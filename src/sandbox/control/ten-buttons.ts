/** What a button of a vendor's page does. */
export interface ButtonRules {
  readonly key: string
  readonly label: string
  /** What happens then, in a sentence. */
  readonly sentence: string
  /** Whether it is about one person's grant, or about the vendor as a whole. */
  readonly about: 'vendor' | 'person'
}

/** The ten things that a person would want to see, in the order of the page. */
export const BUTTONS = [
  {
    key: 'down',
    label: 'Take the vendor down',
    sentence: 'Every call is answered with 503.',
    about: 'vendor',
  },
  {
    key: 'slow',
    label: 'Make it slow',
    sentence: 'Every answer to the application takes five seconds.',
    about: 'vendor',
  },
  {
    key: 'rubbish',
    label: 'Let the token endpoint answer rubbish',
    sentence: 'A web page comes where tokens should.',
    about: 'vendor',
  },
  {
    key: 'cancel',
    label: 'Cancel the next consents',
    sentence: 'The consent page is skipped: the person pressed Cancel.',
    about: 'vendor',
  },
  {
    key: 'untick',
    label: 'Untick a box at the next consents',
    sentence: 'The consent page is skipped: the person unticked the last box and pressed Allow.',
    about: 'vendor',
  },
  {
    key: 'revoke',
    label: 'Revoke at the vendor',
    sentence: 'The person removes the application in the vendor’s settings.',
    about: 'person',
  },
  {
    key: 'delete-account',
    label: 'Delete the account',
    sentence: 'The person’s account at the vendor is no more.',
    about: 'person',
  },
  {
    key: 'change-permissions',
    label: 'Take a permission back',
    sentence: 'The person unticks the last box in the vendor’s settings.',
    about: 'person',
  },
  {
    key: 'end-refresh-token',
    label: 'End the refresh token',
    sentence: 'The next refresh is refused, without a reason.',
    about: 'person',
  },
  {
    key: 'normal',
    label: 'Back to normal',
    sentence: 'Switches as they were, no faults.',
    about: 'vendor',
  },
] as const satisfies readonly ButtonRules[]

/** Key of one of the {@link BUTTONS}. */
export type Button = (typeof BUTTONS)[number]['key']
