import { readFileSync } from 'node:fs'
import { Hono } from 'hono'

const read = (name: string): string => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8')

/** The stylesheet, the script and the icon: all that the pages load, from this origin. */
export function assetRoutes(): Hono {
  const app = new Hono()
  const types = {
    'tidewell.css': 'text/css; charset=utf-8',
    'tidewell.js': 'text/javascript; charset=utf-8',
    'tidewell.svg': 'image/svg+xml',
  }
  for (const [name, type] of Object.entries(types)) {
    const text = read(name)
    app.get(`/assets/${name}`, (c) =>
      c.body(text, 200, { 'content-type': type, 'cache-control': 'no-cache' }),
    )
  }
  return app
}
