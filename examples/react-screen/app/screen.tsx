import type { ConnectionResult, OpenOutcome } from '@springbar/sdk/browser'
import { useConnect, useDataSources } from '@springbar/sdk/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { AddSource } from './add-source.tsx'
import { disconnect, readConnected, readLink, redeem } from './api.ts'
import { MySources } from './my-sources.tsx'
import { describeOutcome, type Message, TROUBLE } from './outcome.ts'

/** Everything about a person's sources. `returned` is set where the trip to a vendor ended in this very window. */
export function Screen({ returned }: { readonly returned: ConnectionResult | null }) {
  const [message, setMessage] = useState<Message | null>(null)
  const mine = useDataSources(readConnected)
  const { reload } = mine

  // The window only tells that somebody is back, and a code. What happened, our backend asks Springbar.
  const settle = useCallback(
    async (result: ConnectionResult | null) => {
      if (result === null) return
      setMessage(describeOutcome(result.result === undefined ? null : await redeem(result.result)))
      reload()
    },
    [reload],
  )
  const came = ({ result }: OpenOutcome) => void settle(result).catch(() => setMessage(TROUBLE))
  const { connect, isOpen } = useConnect(came)

  useEffect(() => {
    settle(returned).catch(() => setMessage(TROUBLE))
  }, [returned, settle])

  const end = (dataSource: number, name: string) =>
    disconnect(dataSource).then(
      () => {
        setMessage({
          tone: 'good',
          title: `${name} is disconnected`,
          text: 'Tidewell gets nothing new from it.',
        })
        reload()
      },
      () => setMessage(TROUBLE),
    )

  return (
    <>
      <Note message={message} />
      <h1>Your sources</h1>
      <MySources
        list={mine}
        isOpen={isOpen}
        onRepair={(id) => connect({ url: () => readLink(id) })}
        onDisconnect={end}
      />
      <AddSource connected={mine.sources.map(({ id }) => id)} onOutcome={came} />
    </>
  )
}

/** Says what happened. The region is always there, so that screen readers announce it; what was pressed may be gone. */
function Note({ message }: { readonly message: Message | null }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (message !== null) place.current?.focus()
  }, [message])
  return (
    <div ref={place} role="status" tabIndex={-1}>
      {message && (
        <div className={`note ${message.tone}`}>
          <strong>{message.title}</strong>
          <p>{message.text}</p>
        </div>
      )}
    </div>
  )
}
