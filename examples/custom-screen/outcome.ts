import type { ConnectionResult } from '@springbar/sdk'
import type { ConnectedState } from './connections.ts'
import type { ScreenSource } from './sources.ts'

/** What the screen says after something happened. */
export interface Message {
  readonly tone: 'good' | 'neutral' | 'bad'
  readonly title: string
  readonly text: string
  /** A way on; null when there is nothing left to do. */
  readonly next: { readonly href: string; readonly label: string } | null
}

/** How a source stands for somebody now; `partly`: it is connected, and some of what Tidewell asked for was not allowed. */
export type Standing = 'connected' | 'partly' | 'not-connected'

/** The standing of what Springbar's API says about a source; undefined where it says nothing. */
export function standingOf(connection: ConnectedState | undefined): Standing {
  if (connection === undefined) return 'not-connected'
  return connection.missingScopes.length > 0 ? 'partly' : 'connected'
}

/**
 * What to say when somebody returns. The return URL only tells what they tried and why it failed; whether a
 * source is connected is what Springbar's API said just now, since anybody can write a URL.
 */
export function describeReturn(result: ConnectionResult, source: ScreenSource, standing: Standing): Message {
  return result.action === 'connect'
    ? describeConnect(result, source, standing)
    : describeDisconnect(result, source, standing)
}

/** What to say when somebody comes back to this page while a new tab connects a source. */
export function describeNewTab(source: ScreenSource, standing: Standing): Message {
  if (standing !== 'not-connected') return connected(source, standing)
  return {
    tone: 'neutral',
    title: `${source.name} is not connected yet`,
    text: 'Finish in the tab that opened, then come back here. If it is closed, you can start again.',
    next: again(source),
  }
}

function describeConnect(result: ConnectionResult, source: ScreenSource, standing: Standing): Message {
  const isConnected = standing !== 'not-connected'
  if (result.succeeded && isConnected) return connected(source, standing)
  if (result.succeeded) {
    return {
      tone: 'neutral',
      title: `${source.name} is not here yet`,
      text: 'It reported success, but we do not see the connection. Please look again in a moment.',
      next: { href: '/', label: 'Look again' },
    }
  }
  const { title, text } = failure(result.error, source.name)
  // A service that gives no reason reports a cancel like this too, so nothing is called a fault.
  const mayBeCancelled = result.error === undefined || result.error === 'access_denied'
  return {
    tone: mayBeCancelled ? 'neutral' : 'bad',
    title,
    text: isConnected ? `${text} The connection that you already had stays as it was.` : text,
    next: again(source),
  }
}

function describeDisconnect(result: ConnectionResult, source: ScreenSource, standing: Standing): Message {
  if (standing === 'not-connected') {
    return {
      tone: 'good',
      title: `${source.name} is disconnected`,
      text: `Tidewell gets nothing from ${source.name} any more. You can connect it again whenever you like.`,
      next: null,
    }
  }
  if (result.error === 'access_denied') {
    return {
      tone: 'neutral',
      title: `You kept ${source.name}`,
      text: 'Nothing was changed.',
      next: null,
    }
  }
  return {
    tone: 'bad',
    title: `${source.name} is still connected`,
    text: 'Disconnecting did not work this time. Please try it again below.',
    next: { href: `#source-${source.id}`, label: `Go to ${source.name}` },
  }
}

function connected(source: ScreenSource, standing: Standing): Message {
  if (standing === 'partly')
    return {
      tone: 'neutral',
      title: `${source.name} is connected, with something missing`,
      text: 'You did not allow everything that Tidewell asked for, so some numbers will not come.',
      next: { href: `/connect/${source.id}?permissions=missing`, label: 'Allow the rest' },
    }
  return {
    tone: 'good',
    title: `${source.name} is connected`,
    text: 'From now on its numbers come here by themselves.',
    next: null,
  }
}

const again = (source: ScreenSource) => ({
  href: `/connect/${source.id}`,
  label: `Try ${source.name} again`,
})

function failure(error: string | undefined, name: string): { readonly title: string; readonly text: string } {
  switch (error) {
    case 'access_denied':
      return { title: 'You cancelled', text: `${name} shared nothing new with Tidewell.` }
    case 'scope_missing':
      return {
        title: `${name} needs one more tick`,
        text: 'Something was left out that Tidewell cannot do without. Start again and leave the boxes ticked.',
      }
    case 'session_expired':
    case 'attempt_expired':
      return {
        title: 'That took a little long',
        text: `For your safety the way to ${name} closes after a while. Start again, it takes a minute.`,
      }
    case 'account_in_use':
      return {
        title: `This ${name} account is in use`,
        text: `It belongs to somebody else here. Sign in at ${name} with an account of your own.`,
      }
    case 'browser_changed':
      return {
        title: 'You came back in another browser',
        text: `Start again, and stay in this browser until ${name} sends you back.`,
      }
    case 'log_in_failed':
      return {
        title: `The log-in at ${name} did not work`,
        text: `Check it in the app of ${name} first, then try again here.`,
      }
    case 'vendor_unavailable':
      return {
        title: `${name} did not answer`,
        text: 'That is not your doing. Please try again in a few minutes.',
      }
    case 'source_not_available':
      return { title: `${name} cannot be connected now`, text: 'We are on it. Please try again another day.' }
    default:
      return {
        title: `${name} was not connected`,
        text: 'You may have stopped, or something went wrong on the way. You can try again.',
      }
  }
}
