// A vendor that answers at once: new tokens for a refresh, a few bytes for anything else.
import { createServer } from 'node:http'

let count = 0
const tokens = () => {
  const n = ++count
  return {
    token_type: 'Bearer',
    access_token: `access-${n}`,
    refresh_token: `refresh-${n}`,
    expires_in: 28_800,
  }
}
createServer((request, response) => {
  request.resume()
  const body = JSON.stringify(request.url?.endsWith('/token') ? tokens() : { id: 1 })
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}).listen(Number(process.env['PORT']), '127.0.0.1')
