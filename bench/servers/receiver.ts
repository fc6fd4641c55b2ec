// A receiver of webhooks for the benchmark. The n-th event of a lane says n as its instant, and its lane as its source, so
// that an event out of order is seen; what comes twice is counted apart. `GET /` tells both, and starts anew.
import { createServer } from 'node:http'
import process from 'node:process'

const lastOf = new Map<number, number>()
let counts = { arrived: 0, outOfOrder: 0, again: 0 }

createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(counts))
    lastOf.clear()
    counts = { arrived: 0, outOfOrder: 0, again: 0 }
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { data } = JSON.parse(Buffer.concat(chunks).toString()) as {
      data: { timestamp: number; dataSourceId: number }
    } // the documented body
    const last = lastOf.get(data.dataSourceId) ?? -1
    counts.arrived += 1
    if (data.timestamp === last) counts.again += 1
    else if (data.timestamp !== last + 1) counts.outOfOrder += 1
    lastOf.set(data.dataSourceId, data.timestamp)
    response.statusCode = 204
    response.end()
  })
}).listen(Number(process.env['PORT']), '127.0.0.1')
