import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

/**
 * A request header by its lower-case name; undefined when it did not come. Node has them parsed already; asking the
 * web-standard request instead would build the whole request and its headers anew for each look.
 */
export function headerOf(c: Context, name: string): string | undefined {
  const bindings: Partial<HttpBindings> | undefined = c.env
  const headers = bindings?.incoming?.headers
  if (headers === undefined) return c.req.header(name)
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
