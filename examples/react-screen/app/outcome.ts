import type { Outcome } from '../backend.ts'

/** What the screen says on top. */
export interface Message {
  readonly tone: 'good' | 'neutral' | 'bad'
  readonly title: string
  readonly text: string
}

/** What to say when somebody is back. */
export function describeOutcome(outcome: Outcome): Message {
  if (outcome === null)
    return {
      tone: 'neutral',
      title: 'Nothing was changed',
      text: 'This way back is not one of yours, or it is too old. What you see below is how things are.',
    }
  const { name, succeeded, error, reference } = outcome
  if (succeeded) return { tone: 'good', title: `${name} is connected`, text: 'New data arrives from now on.' }
  switch (error) {
    case 'access_denied':
      return { tone: 'neutral', title: 'You cancelled', text: 'Nothing was changed.' }
    case 'scope_missing':
      return {
        tone: 'bad',
        title: `${name} needs one more tick`,
        text: 'Something was left out that Tidewell cannot do without. Start again and leave the boxes ticked.',
      }
    case 'session_expired':
    case 'attempt_expired':
      return { tone: 'bad', title: 'That took a little long', text: 'Start again, it takes a minute.' }
    case 'vendor_unavailable':
      return {
        tone: 'bad',
        title: `${name} did not answer`,
        text: 'That is not your doing. Please try again in a few minutes.',
      }
    default:
      return {
        tone: 'bad',
        title: `${name} was not connected`,
        text: `Nothing was changed. Please try again; should it stay like this, tell us this reference: ${reference}.`,
      }
  }
}

/** What to say when our own backend does not answer. */
export const TROUBLE: Message = {
  tone: 'bad',
  title: 'We cannot reach your sources',
  text: 'Nothing was changed, and what you connected stays connected. Please try again in a moment.',
}
