import { readPerson } from '@/lib/session.ts'
import { readSources } from '@/lib/sources.ts'

/** The screen's list, when it is asked for again. */
export async function GET(): Promise<Response> {
  const person = await readPerson()
  if (person === null) return new Response(null, { status: 401 })
  return Response.json(await readSources(person), { headers: { 'cache-control': 'no-store' } })
}
