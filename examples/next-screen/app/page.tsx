import { signIn } from '@/app/actions.ts'
import { Frame } from '@/app/frame.tsx'
import { Screen } from '@/app/screen.tsx'
import { PEOPLE, readPerson } from '@/lib/session.ts'
import { readSources } from '@/lib/sources.ts'

export default async function Page() {
  const person = await readPerson()
  return (
    <Frame person={person}>
      {person === null ? <SignIn /> : <Screen initial={await readSources(person)} message={null} />}
    </Frame>
  )
}

function SignIn() {
  return (
    <>
      <h1>Your week at a glance</h1>
      <p className="lead">
        Tidewell gathers how you moved, slept and recovered, from the devices that you already wear.
      </p>
      <form action={signIn} className="people">
        {PEOPLE.map(({ id, name }) => (
          <button key={id} type="submit" name="person" value={id}>
            {name}
          </button>
        ))}
      </form>
      <p className="quiet">This log-in is pretended: nobody asks for a password.</p>
    </>
  )
}
