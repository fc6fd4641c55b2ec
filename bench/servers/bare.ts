// The least that a redirect can cost: node:http alone.
import { createServer } from 'node:http'

const server = createServer((_, response) => {
  response.writeHead(302, { Location: 'https://www.strava.com/oauth/authorize?client_id=1' })
  response.end()
})
server.listen(Number(process.env['PORT']), '127.0.0.1')
