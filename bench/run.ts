// `npm run bench`: ratios of one run, on this machine, of whole processes. Figures are printed beside what the project
// promises; nothing fails because a machine is slow.
import { fileURLToPath } from 'node:url'
import { CONNECTIONS, measure, median, ratio, type Target } from './load.ts'
import { residentMegabytes, start, stop } from './process.ts'
import { benchService, connectPaths, createEndUser, credentials } from './service.ts'

const [BARE_PORT, GRANT_PORT, SERVICE_PORT] = [18_090, 18_091, 18_092]
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4)
const SESSIONS = 200
const REST_MS = 3_000

const at = (port: number) => `http://127.0.0.1:${port}`
const script = (name: string) => fileURLToPath(new URL(`./servers/${name}`, import.meta.url))

console.log(`node ${process.version}, ${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} connections\n`)

const service = benchService(SERVICE_PORT)
await stop(await service.start())
const starts: number[] = []
for (let i = 0; i < 3; i++) {
  const again = await service.start()
  starts.push(again.answeredAfterMs)
  await stop(again)
}
const running = await service.start()
await new Promise((resolve) => setTimeout(resolve, REST_MS))
console.log(line('second start, first answer', `${Math.round(median(starts))} ms`, 'at most 1500 ms'))
console.log(
  line('resident memory at rest', `${residentMegabytes(running)?.toFixed(0) ?? '?'} MB`, 'under 160 MB'),
)

const bare = await start(script('bare.ts'), [], { PORT: String(BARE_PORT) }, at(BARE_PORT))
const grant = await start(script('grant.js'), [], { PORT: String(GRANT_PORT) }, `${at(GRANT_PORT)}/`)
const origin = at(SERVICE_PORT)
const paths = await connectPaths(origin, SESSIONS)
const endUserId = await createEndUser(origin, 'bench-mint')
const targets: readonly Target[] = [
  { name: 'bare', url: at(BARE_PORT), requests: [{ path: '/' }], status: 302 },
  { name: 'connect', url: origin, requests: paths.map((path) => ({ path })), status: 303 },
  { name: 'grant', url: at(GRANT_PORT), requests: [{ path: '/connect/strava' }], status: 302 },
  {
    name: 'mint',
    url: origin,
    requests: [
      {
        method: 'POST',
        path: '/widget/v6/connection',
        headers: { ...credentials, 'Content-Type': 'application/json' },
        body: JSON.stringify({ endUserId }),
      },
    ],
    status: 200,
  },
]
const rates = await measure(targets, { rounds: ROUNDS, seconds: SECONDS })
for (const [name, values] of rates)
  console.log(line(`${name}, requests per second`, median(values).toFixed(0)))
console.log('')
console.log(line('connect / bare redirect', ratio(rates, 'connect', 'bare').toFixed(3), 'at least 0.22'))
console.log(line('connect / grant', ratio(rates, 'connect', 'grant').toFixed(2), 'at least 1.5'))
console.log(line('mint / bare redirect', ratio(rates, 'mint', 'bare').toFixed(3), 'at least 0.18'))
console.log(line('resident memory after the load', `${residentMegabytes(running)?.toFixed(0) ?? '?'} MB`))

for (const one of [bare, grant, running]) await stop(one)
service.remove()

function line(what: string, figure: string, goal = ''): string {
  return `${what.padEnd(34)} ${figure.padStart(10)}   ${goal}`
}
