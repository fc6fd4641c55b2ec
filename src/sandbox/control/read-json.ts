import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { readBody, type SandboxBindings } from '../handle-call.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'

/** The sandbox's app. */
export type App = Hono<{ Bindings: SandboxBindings }>

/** Whether a browser says that a form of another site sent this. */
export const isFromElsewhere = (context: Context): boolean =>
  context.req.method !== 'GET' && context.req.header('sec-fetch-site') === 'cross-site'

type Read<Value> = { readonly value: Value } | { readonly response: Response }

/** What a malformed request gets. */
export const bad = (context: Context, message: string) =>
  context.json({ error: { code: 'invalid_request', message } }, 400)

/** Reads and checks a JSON body. The content type is required, so that no form of a foreign page can send one. */
export async function readJson<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<Read<z.output<Schema>>> {
  if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) {
    return { response: bad(context, 'Send the body as application/json.') }
  }
  const text = await readBody(context.req.raw, SANDBOX_LIMITS.bodyBytes)
  let json: unknown
  try {
    json = JSON.parse(text ?? '')
  } catch {
    return { response: bad(context, 'The body is not JSON, or it is too long.') }
  }
  const parsed = schema.safeParse(json)
  return parsed.success ? { value: parsed.data } : { response: bad(context, z.prettifyError(parsed.error)) }
}

/** What is out of range was not the sandbox's fault: say so to the caller. */
export async function attempt(context: Context, run: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof RangeError) return bad(context, error.message)
    throw error
  }
}
