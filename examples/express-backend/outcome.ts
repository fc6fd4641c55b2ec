import type { RedeemedResult } from '@springbar/sdk'
import type { Message } from './page.ts'

/** What to say to somebody who comes back, from what Springbar answered: nobody can forge that. */
export function describeOutcome({ succeeded, error, reference }: RedeemedResult, name: string): Message {
  if (succeeded) return { tone: 'good', title: `${name} is connected`, text: 'New data arrives from now on.' }
  const { title, text } = REASONS[error ?? ''] ?? {
    title: `${name} was not connected`,
    text: `Nothing was changed. Please try again; should it stay like this, tell us this reference: ${reference}.`,
  }
  return { tone: error === 'access_denied' ? 'neutral' : 'bad', title: title.replace('{name}', name), text }
}

const REASONS: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  access_denied: { title: 'You cancelled', text: 'Nothing was changed.' },
  scope_missing: {
    title: '{name} needs one more tick',
    text: 'Something was left out that Tidewell cannot do without. Start again and leave the boxes ticked.',
  },
  attempt_expired: { title: 'That took a little long', text: 'Start again, it takes a minute.' },
  session_expired: { title: 'That took a little long', text: 'Start again, it takes a minute.' },
  vendor_unavailable: {
    title: '{name} did not answer',
    text: 'That is not your doing. Please try again in a few minutes.',
  },
}

/** What to say when the way back proves nothing for who is signed in: typed, too old, or somebody else's. */
export const NOT_YOURS: Message = {
  tone: 'neutral',
  title: 'Nothing was changed',
  text: 'This way back is not one of yours, or it is too old. What you see below is how things are.',
}
