'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type { Message } from '@/lib/screen-types.ts'
import { keepPerson, PEOPLE, type Person, readPerson } from '@/lib/session.ts'
import { describeReturn, endConnection, linkFor } from '@/lib/sources.ts'

// An action is an address that anybody can call with anything: who calls is asked of the session, and what comes is checked.

async function signedIn(): Promise<Person> {
  return (await readPerson()) ?? redirect('/')
}

export async function signIn(form: FormData): Promise<void> {
  const person = PEOPLE.find(({ id }) => id === form.get('person'))
  if (person !== undefined) await keepPerson(person)
  redirect('/')
}

export async function signOut(): Promise<void> {
  await keepPerson(null)
  redirect('/')
}

/** A link for the window that the screen has just opened. */
export async function connectLink(dataSource: number): Promise<string> {
  return linkFor(await signedIn(), dataSource)
}

/** The same for a browser whose scripts are off, or have not come yet: on to the vendor in this window. */
export async function connectHere(form: FormData): Promise<void> {
  redirect(await linkFor(await signedIn(), Number(form.get('source'))))
}

export async function disconnect(form: FormData): Promise<void> {
  await endConnection(await signedIn(), Number(form.get('source')))
  revalidatePath('/')
}

/** What to say to somebody whose window has come back with this code. */
export async function readOutcome(code: string | undefined): Promise<Message> {
  return describeReturn(await signedIn(), typeof code === 'string' ? code : undefined)
}
