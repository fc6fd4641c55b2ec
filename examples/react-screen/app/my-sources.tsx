import type { DataSourcesState } from '@springbar/sdk/react'
import { useId, useRef, useState } from 'react'
import type { Mine } from '../backend.ts'
import { Failed } from './failed.tsx'
import { SourceRow } from './source-row.tsx'

/** What is connected, with the way to repair and to end it. */
export function MySources(props: {
  readonly list: DataSourcesState<Mine>
  readonly isOpen: boolean
  readonly onRepair: (dataSource: number) => void
  readonly onDisconnect: (dataSource: number, name: string) => void
}) {
  const { list, isOpen, onRepair, onDisconnect } = props
  const [ending, setEnding] = useState<Mine | null>(null)
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  if (list.status === 'failed') return <Failed onAgain={list.reload} />
  if (list.sources.length === 0)
    return <p className="lead">{list.status === 'loading' ? 'One moment …' : 'Nothing is connected yet.'}</p>
  return (
    <>
      <ul className="sources">
        {list.sources.map((source) => (
          <SourceRow key={source.id} source={source} state={<State source={source} />}>
            {source.status === 'needs_reauth' && (
              <button
                type="button"
                className="primary"
                aria-disabled={isOpen}
                onClick={() => onRepair(source.id)}
              >
                Connect again
              </button>
            )}
            <button
              type="button"
              aria-label={`Disconnect ${source.name}`}
              onClick={() => {
                setEnding(source)
                dialog.current?.showModal()
              }}
            >
              Disconnect
            </button>
          </SourceRow>
        ))}
      </ul>
      <dialog ref={dialog} aria-labelledby={title} closedby="any">
        <form method="dialog">
          <h2 id={title}>Disconnect {ending?.name}?</h2>
          <p>
            Tidewell reads nothing new from it, and its permission at {ending?.name} ends. What is here stays.
          </p>
          <div className="actions">
            <button type="submit">Keep it</button>
            <button
              type="submit"
              className="danger"
              onClick={() => ending && onDisconnect(ending.id, ending.name)}
            >
              Yes, disconnect
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' })

function State({ source: { status, connectedAt } }: { readonly source: Mine }) {
  return status === 'active' ? (
    <p className="state good">Connected since {DAY.format(new Date(connectedAt))}</p>
  ) : (
    <p className="state bad">Needs you: no new data arrives until you connect it again</p>
  )
}
