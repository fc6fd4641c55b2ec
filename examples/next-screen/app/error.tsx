'use client'

/** When Springbar, or something else that a page needs, does not answer. */
export default function Trouble({ reset }: { readonly reset: () => void }) {
  return (
    <main>
      <h1>We cannot reach your sources</h1>
      <p className="lead">
        Nothing was changed, and what you connected stays connected. Please try again in a moment.
      </p>
      <p>
        <button type="button" className="primary" onClick={reset}>
          Try again
        </button>
      </p>
    </main>
  )
}
