import type { ReactNode } from 'react'
import { signOut } from '@/app/actions.ts'
import type { Person } from '@/lib/session.ts'

/** The top of every page, and what is below it. */
export function Frame({
  person,
  children,
}: {
  readonly person: Person | null
  readonly children: ReactNode
}) {
  return (
    <>
      <header>
        {/* A whole load: what a vendor's return has left in the address is gone with it. */}
        <a className="brand" href="/">
          <img src="/tidewell.svg" alt="" width="28" height="28" />
          Tidewell
        </a>
        {person && (
          <form action={signOut}>
            {person.name}{' '}
            <button type="submit" className="link">
              Sign out
            </button>
          </form>
        )}
      </header>
      <main>{children}</main>
    </>
  )
}
