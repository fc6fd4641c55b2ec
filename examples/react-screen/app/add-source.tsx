import type { OpenOutcome } from '@springbar/sdk/browser'
import { DataSourceList } from '@springbar/sdk/react'
import { useState } from 'react'
import type { Offered } from '../backend.ts'
import { readLink, readOffered } from './api.ts'
import { Failed } from './failed.tsx'
import { SourceRow } from './source-row.tsx'

/** Everything that can still be connected. The list has no looks of its own: it loads, opens, and tells how it ended. */
export function AddSource(props: {
  readonly connected: readonly number[]
  readonly onOutcome: (outcome: OpenOutcome) => void
}) {
  const { connected, onOutcome } = props
  const [words, setWords] = useState('')
  const [opened, setOpened] = useState<number | null>(null)
  const fits = ({ id, name, description }: Offered) =>
    !connected.includes(id) && `${name} ${description}`.toLowerCase().includes(words.trim().toLowerCase())
  return (
    <section aria-labelledby="add">
      <h2 id="add">Add a source</h2>
      <DataSourceList load={readOffered} onOutcome={onOutcome}>
        {({ sources, status, isOpen, error, connect, reload }) => {
          const shown = sources.filter(fits)
          if (status === 'failed') return <Failed onAgain={reload} />
          return (
            <>
              <label className="search">
                Search
                <input type="search" value={words} onChange={({ target }) => setWords(target.value)} />
              </label>
              {error !== null && <p role="alert">That did not work. Please try it again in a moment.</p>}
              {status === 'ready' && shown.length === 0 && (
                <p className="quiet">Nothing is called like that.</p>
              )}
              <ul className="sources">
                {shown.map((source) => (
                  <SourceRow key={source.id} source={source}>
                    <button
                      type="button"
                      className="primary"
                      aria-label={`Connect ${source.name}`}
                      aria-disabled={isOpen}
                      onClick={() => {
                        setOpened(source.id)
                        // The window opens in this very click; the link comes while it is empty.
                        connect({ url: () => readLink(source.id) })
                      }}
                    >
                      {isOpen && opened === source.id ? 'Waiting …' : 'Connect'}
                    </button>
                  </SourceRow>
                ))}
              </ul>
            </>
          )
        }}
      </DataSourceList>
    </section>
  )
}
