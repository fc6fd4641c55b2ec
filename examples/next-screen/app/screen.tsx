'use client'

import { finishReturn } from '@springbar/sdk/browser'
import { useConnect, useDataSources } from '@springbar/sdk/react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { connectLink, disconnect, readOutcome } from '@/app/actions.ts'
import { SourceRow } from '@/app/source-row.tsx'
import type { Message, Source } from '@/lib/screen-types.ts'

const TROUBLE: Message = {
  tone: 'bad',
  title: 'We cannot reach your sources',
  text: 'Nothing was changed, and what you connected stays connected. Please try again in a moment.',
}

async function load(): Promise<readonly Source[]> {
  const response = await fetch('/api/sources')
  if (!response.ok) throw new Error(`The sources were answered with ${response.status}.`)
  return (await response.json()) as readonly Source[] // our own route's
}

/** Whether scripts run: false on the server and until then. */
const neverChanges = () => () => {}

/** The connect screen. The server gives the first list and, where a trip to a vendor ended in this window, its message. */
export function Screen(props: { readonly initial: readonly Source[]; readonly message: Message | null }) {
  const [message, setMessage] = useState(props.message)
  const [words, setWords] = useState('')
  const isScripted = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  )
  const [opened, setOpened] = useState<number | null>(null)
  const { sources, reload } = useDataSources(load, { initial: props.initial })

  // The window only tells that somebody is back, and a code. What happened, our server asks Springbar.
  const { connect, isOpen, error } = useConnect(({ result }) => {
    reload()
    if (result !== null) readOutcome(result.result).then(setMessage, () => setMessage(TROUBLE))
  })

  useEffect(() => {
    // In the window that a vendor sent back, this tells the screen that opened it, and closes it.
    const returned = finishReturn({ action: 'connect' })
    // The code has no business in the address bar, the history, or a bookmark.
    if (returned !== null) history.replaceState(null, '', '/')
  }, [])

  const end = async (source: Source, form: FormData) => {
    try {
      await disconnect(form)
      setMessage({
        tone: 'good',
        title: `${source.name} is disconnected`,
        text: 'Nothing new comes from it.',
      })
    } catch {
      setMessage(TROUBLE)
    }
    reload()
  }

  const shown = sources.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(words.trim().toLowerCase()),
  )
  return (
    <>
      <Note message={error === null ? message : TROUBLE} />
      <h1>Your sources</h1>
      <p className="lead">Choose what Tidewell may read. You can end it whenever you like.</p>
      <label className="search">
        Search
        <input
          type="search"
          disabled={!isScripted}
          value={words}
          onChange={({ target }) => setWords(target.value)}
        />
      </label>
      {shown.length === 0 && <p className="quiet">Nothing is called like that.</p>}
      <ul className="sources">
        {shown.map((source) => (
          <SourceRow
            key={source.id}
            source={source}
            isBusy={isOpen}
            isWaiting={isOpen && opened === source.id}
            onConnect={() => {
              setOpened(source.id)
              // The window opens in this very click; the link comes while it is empty.
              connect({ url: () => connectLink(source.id) })
            }}
            onDisconnect={(form) => end(source, form)}
          />
        ))}
      </ul>
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
