import { signIn } from './api.ts'

const PEOPLE = [
  { id: 'mara', name: 'Mara Lindqvist' },
  { id: 'jonas', name: 'Jonas Okafor' },
]

/** Who is there? */
export function SignIn({ onDone }: { readonly onDone: () => void }) {
  return (
    <>
      <h1>Your week at a glance</h1>
      <p className="lead">
        Tidewell gathers how you moved, slept and recovered, from the devices that you already wear.
      </p>
      <div className="people">
        {PEOPLE.map(({ id, name }) => (
          <button type="button" key={id} onClick={() => void signIn(id).then(onDone)}>
            {name}
          </button>
        ))}
      </div>
      <p className="quiet">This log-in is pretended: nobody asks for a password.</p>
    </>
  )
}
