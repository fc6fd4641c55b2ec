import { finishReturn } from '@springbar/sdk/browser'
import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { readMe, signOut } from './api.ts'
import { Screen } from './screen.tsx'
import { SignIn } from './sign-in.tsx'

// In the window that a vendor sent back, this tells the screen that opened it, and closes it. Where there was no such window
// it gives the outcome, and the screen goes on here. Once, and before React, which may run effects twice.
const returned = finishReturn({ action: 'connect' })
// The code has no business in the address bar, the history, or a bookmark.
if (returned !== null) history.replaceState(null, '', '/')

function App() {
  // Undefined until we know.
  const [me, setMe] = useState<{ readonly name: string } | null | undefined>(undefined)
  const look = () => void readMe().then(setMe, () => setMe(null))
  useEffect(look, [])
  return (
    <>
      <header>
        <a className="brand" href="/">
          <img src="/tidewell.svg" alt="" width="28" height="28" />
          Tidewell
        </a>
        {me && (
          <p>
            {me.name}{' '}
            <button type="button" className="link" onClick={() => void signOut().then(look)}>
              Sign out
            </button>
          </p>
        )}
      </header>
      <main>
        {me === null && <SignIn onDone={look} />}
        {me && <Screen returned={returned} />}
      </main>
    </>
  )
}

const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
