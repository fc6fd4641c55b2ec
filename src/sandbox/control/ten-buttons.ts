/** What a button of a vendor's page does. */
export interface ButtonRules {
  readonly key: string
  readonly label: string
  /** What happens then, in a sentence. */
  readonly sentence: string
  /** Whether it is about one person's grant, or about the vendor as a whole. */
  readonly about: 'vendor' | 'person'
  /** What has happened once it is pressed, with `{name}` for the vendor or the person; missing where the sentence says it. */
  readonly done?: string
}

/** The ten things that a person would want to see, in the order of the page. */
export const BUTTONS = [
  {
    key: 'down',
    label: 'Take the vendor down',
    sentence: 'Every call is answered with 503.',
    about: 'vendor',
    done: '{name} is down now.',
  },
  {
    key: 'slow',
    label: 'Make it slow',
    sentence: 'Every answer to the application takes five seconds.',
    about: 'vendor',
    done: '{name} is slow now.',
  },
  {
    key: 'rubbish',
    label: 'Let the token endpoint answer rubbish',
    sentence: 'A web page comes where tokens should.',
    about: 'vendor',
    done: 'The token endpoint of {name} answers rubbish now.',
  },
  {
    key: 'cancel',
    label: 'Cancel the next consents',
    sentence: 'The consent page is skipped: the person pressed Cancel.',
    about: 'vendor',
    done: 'Whoever comes to {name} from now on cancels.',
  },
  {
    key: 'untick',
    label: 'Untick a box at the next consents',
    sentence: 'The consent page is skipped: the person unticked the last box and pressed Allow.',
    about: 'vendor',
    done: 'Whoever comes to {name} from now on unticks a box.',
  },
  {
    key: 'revoke',
    label: 'Revoke at the vendor',
    sentence: 'The person removes the application in the vendor’s settings.',
    about: 'person',
    done: '{name} removed the application.',
  },
  {
    key: 'delete-account',
    label: 'Delete the account',
    sentence: 'The person’s account at the vendor is no more.',
    about: 'person',
    done: '{name} deleted the account.',
  },
  {
    key: 'change-permissions',
    label: 'Take a permission back',
    sentence: 'The person unticks the last box in the vendor’s settings.',
    about: 'person',
    done: '{name} took a permission back.',
  },
  {
    key: 'end-refresh-token',
    label: 'End the refresh token',
    sentence: 'The next refresh is refused, without a reason.',
    about: 'person',
    done: 'The next refresh for {name} will be refused.',
  },
  {
    key: 'normal',
    label: 'Back to normal',
    sentence: 'Switches as they were, no faults.',
    about: 'vendor',
    done: '{name} is back to normal.',
  },
] as const satisfies readonly ButtonRules[]

/** Key of one of the {@link BUTTONS}. */
export type Button = (typeof BUTTONS)[number]['key']
