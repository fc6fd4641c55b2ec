import { readResult } from '@springbar/sdk'
import { redirect } from 'next/navigation'
import { Frame } from '@/app/frame.tsx'
import { Screen } from '@/app/screen.tsx'
import { readPerson } from '@/lib/session.ts'
import { describeReturn, readSources } from '@/lib/sources.ts'

type Query = Readonly<Record<string, string | readonly string[] | undefined>>

/** Where people come back to: the redirect URI. The outcome is redeemed here, for the person who is logged in. */
export default async function Connected({ searchParams }: { readonly searchParams: Promise<Query> }) {
  const person = await readPerson()
  if (person === null) redirect('/')
  const query = Object.entries(await searchParams).flatMap(([name, values = []]) =>
    [values].flat().map((value) => [name, value]),
  )
  const returned = readResult(new URLSearchParams(query), { action: 'connect' })
  const message = await describeReturn(person, returned?.result)
  return (
    <Frame person={person}>
      <Screen initial={await readSources(person)} message={message} />
    </Frame>
  )
}
