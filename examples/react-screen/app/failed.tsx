/** In the place of a list that could not be loaded. */
export function Failed({ onAgain }: { readonly onAgain: () => void }) {
  return (
    <p>
      We cannot reach it just now.{' '}
      <button type="button" className="link" onClick={onAgain}>
        Try again
      </button>
    </p>
  )
}
